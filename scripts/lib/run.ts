import { spawn, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Failure } from "./failure.ts";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Called with every line of stdout and stderr. */
  readonly onLine?: (line: string, from: "stdout" | "stderr") => void;
  /** In a process group of its own: a Ctrl-C at the terminal does not reach it, only `signal` ends it. */
  readonly ownGroup?: boolean;
}

export interface RunResult {
  readonly code: number;
  /** The last lines of stdout and stderr, as they came. */
  readonly tail: readonly string[];
}

const tailLength = 40;

/** Runs a program to its end. A non-zero exit is a result; a program that cannot be started is a Failure. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const stdio: StdioOptions = ["ignore", "pipe", "pipe"];
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    detached: options.ownGroup ?? false,
    signal: options.signal,
    stdio,
  });
  const tail: string[] = [];
  const read = async (from: "stdout" | "stderr"): Promise<void> => {
    const stream = child[from] as Readable; // piped, see `stdio`
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      tail.push(line);
      if (tail.length > tailLength) tail.shift();
      options.onLine?.(line, from);
    }
  };
  const reading = Promise.all([read("stdout"), read("stderr")]);
  try {
    const [[code]] = (await Promise.all([once(child, "close"), reading])) as [[number | null], unknown];
    return { code: code ?? 1, tail };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new Failure(`${command} is not installed.`, `Install ${command} and run the command again.`, {
        cause: error,
      });
    throw error;
  }
}

/** The program's stdout, or undefined when it is missing or fails: for questions whose answer may be "no". */
export async function ask(
  command: string,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const lines: string[] = [];
  try {
    const { code } = await run(command, args, {
      onLine: (line, from) => from === "stdout" && lines.push(line),
      signal: AbortSignal.timeout(20_000),
      ...(env && { env }),
    });
    return code === 0 ? lines.join("\n") : undefined;
  } catch {
    return undefined;
  }
}
