import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Buffer;
}

export interface CliAt {
  readonly url: string;
  readonly token?: string;
}

/** The real command in a process of its own, as a shell would start it. */
export function startCli(
  at: CliAt,
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [main, ...words], {
    env: {
      PATH: process.env["PATH"],
      HOME: "/nonexistent",
      GHOST_URL: at.url,
      GHOST_TOKEN: at.token,
      ...env,
    },
  });
}

export async function runCli(
  at: CliAt,
  words: readonly string[],
  given: { stdin?: string | Buffer; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  const child = startCli(at, words, given.env);
  child.stdin.on("error", () => undefined); // a command that reads nothing
  child.stdin.end(given.stdin ?? "");
  const [bytes, errors, [code]] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  return { code, bytes, stdout: bytes.toString("utf8"), stderr: errors.toString("utf8") };
}
