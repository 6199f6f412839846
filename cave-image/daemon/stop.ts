import type { Server } from "node:http";
import { endAllGroups } from "./exec/kill.ts";
import { dropPipes } from "./exec/pipes.ts";

/** Ends all that runs, then the daemon: within a second, so that stopping a cave is quick. */
export async function stopAll(server: Server): Promise<void> {
  server.close();
  await endAllGroups();
  dropPipes();
  // Terminals, watchers and open connections would keep the loop alive, and with it the cave.
  process.exit(0);
}
