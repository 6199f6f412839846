import { againInGroup, NeedsGroup } from "./engine.ts";
import { pathsOf } from "./paths.ts";
import type { Setup } from "./setup.ts";
import { Terminal } from "./terminal.ts";

/** Runs a script: signals end it through `setup.signal`, failures are told, the exit code is set. */
export async function main(
  script: (setup: Setup) => Promise<number>,
  options: { yes?: boolean } = {},
): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(name, () => stop.abort(new Stopped(name)));
  const terminal = new Terminal();
  const setup: Setup = {
    terminal,
    paths: pathsOf(process.env),
    env: process.env,
    yes: options.yes ?? false,
    signal: stop.signal,
  };
  try {
    process.exitCode = await script(setup);
  } catch (error) {
    process.exitCode = await told(error);
  }

  async function told(error: unknown): Promise<number> {
    terminal.live("");
    if (stop.signal.aborted) {
      terminal.line("Stopped.");
      return 130;
    }
    if (error instanceof NeedsGroup) return againInGroup(error).catch(told);
    terminal.failure(error);
    return 1;
  }
}

class Stopped extends Error {
  constructor(signal: string) {
    super(`stopped by ${signal}`);
  }
}
