import { Failure } from "./failure.ts";
import { run } from "./run.ts";
import type { Setup } from "./setup.ts";

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Runs shell commands as root: directly, or with sudo after the person has seen them and agreed. */
export async function asRoot(setup: Setup, why: string, commands: readonly string[]): Promise<void> {
  const { terminal, yes, signal } = setup;
  const shown = commands.map((command) => `${isRoot() ? "" : "sudo "}${command}`).join("\n");
  if (!isRoot()) {
    terminal.line(`${why} These commands do it:`);
    terminal.line(shown.replaceAll(/^/gm, "  "));
    if (!yes && !(await terminal.confirm("Run them now?", signal)))
      throw new Failure(
        `${why} Nothing was changed.`,
        `Run these commands yourself, or run this one again with --yes:\n${shown}`,
      );
  }
  for (const command of commands) {
    const argv = isRoot() ? ["sh", "-c", command] : ["sudo", "sh", "-c", command];
    const { code, tail } = await run(argv[0] ?? "", argv.slice(1), {
      signal,
      onLine: (line) => terminal.live(terminal.dim(line)),
      env: { ...setup.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    terminal.live("");
    if (code !== 0)
      throw new Failure(
        `This failed (exit ${code}): ${command}\n${tail.slice(-8).join("\n")}`,
        "Fix what it says and run the command again.",
      );
  }
}

/** A command that installs Debian packages without what they merely recommend. */
export function aptInstall(packages: string): string {
  return `apt-get update && apt-get install -y --no-install-recommends ${packages}`;
}
