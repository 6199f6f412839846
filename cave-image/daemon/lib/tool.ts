import { spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { openFolder } from "../exec/start.ts";
import type { BytePath } from "./cave-path.ts";
import { childEnvironment } from "./environment.ts";

export interface ToolEnd {
  exitCode: number | null;
  /** The end of what it said on stderr. */
  said: string;
}

/** A program of the image that the daemon uses, in a folder that may have any name. Its output is read as fast as it is wanted. */
export function runTool(argv: readonly string[], cwd: BytePath) {
  const [file = "", ...args] = argv;
  const folder = openFolder(cwd);
  const child = spawn(file, args, {
    cwd: folder.path,
    env: { ...childEnvironment(), LC_ALL: "C.UTF-8" },
    stdio: "pipe",
  });
  closeSync(folder.fd);
  let said = "";
  child.stderr.on("data", (data: Buffer) => (said = (said + data.toString()).slice(-2048)));
  child.stdin.on("error", () => undefined); // it may end before it has read everything
  const ended = new Promise<ToolEnd>((resolve) => {
    child.once("error", (error) => resolve({ exitCode: null, said: error.message }));
    child.once("close", (exitCode) => resolve({ exitCode, said: said.trim() }));
  });
  const stop = () => child.kill("SIGKILL");
  return { stdin: child.stdin, stdout: child.stdout, ended, stop };
}

/** Output in pieces that `separator` ends; one that is longer than `most` is left out. */
export async function* pieces(
  output: AsyncIterable<Buffer>,
  separator: number,
  most: number,
): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let size = 0;
  for await (const chunk of output) {
    let from = 0;
    for (let at = chunk.indexOf(separator); at >= 0; at = chunk.indexOf(separator, from)) {
      if (size + at - from <= most) yield Buffer.concat([...rest, chunk.subarray(from, at)]);
      rest = [];
      size = 0;
      from = at + 1;
    }
    size += chunk.length - from;
    rest = size > most ? [] : [...rest, chunk.subarray(from)];
  }
  if (size > 0 && size <= most) yield Buffer.concat(rest);
}
