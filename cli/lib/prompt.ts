import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Cli } from "./cli.ts";

/** Yes or no, from somebody at a terminal. */
export async function confirm(cli: Cli, question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await ask(cli, `${question} [y/N] `, cli.stderr)).trim());
}

/** A line that is not shown while it is typed. */
export async function askHidden(cli: Cli, question: string): Promise<string> {
  cli.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await ask(cli, "", silent);
  } finally {
    cli.stderr.write("\n");
  }
}

async function ask(cli: Cli, question: string, output: Writable): Promise<string> {
  const prompt = createInterface({ input: cli.stdin, output, terminal: true });
  const stop = new AbortController();
  // In raw mode Ctrl-C is a key, not a signal.
  prompt.once("SIGINT", () => stop.abort());
  prompt.once("close", () => stop.abort());
  try {
    return await prompt.question(question, { signal: AbortSignal.any([cli.signal, stop.signal]) });
  } catch (error) {
    if (cli.signal.aborted || !stop.signal.aborted) throw error;
    return "";
  } finally {
    prompt.close();
  }
}
