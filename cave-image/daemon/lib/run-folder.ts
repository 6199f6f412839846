import { accessSync, constants } from "node:fs";
import { takeVariable } from "./environment.ts";

/** Where the daemon keeps what is to be forgotten with the cave: pipes, sockets, secrets. In memory, where the container's spec has it so. */
export const runFolder = takeVariable("GHOST_DAEMON_RUN") ?? (isWritable("/run") ? "/run" : "/tmp");

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
