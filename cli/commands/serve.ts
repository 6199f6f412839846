import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";

const main = fileURLToPath(new URL("../../server/main.ts", import.meta.url));

export function addServe(program: Command, cli: Cli): void {
  program
    .command("serve [args...]")
    .description("Run the gateway in the foreground; `npm run up` does that and all it needs before")
    .allowUnknownOption()
    .helpOption(false)
    .action(async (args: string[]) => {
      const child = spawn(process.execPath, [main, ...args], { stdio: "inherit" });
      // At a terminal Ctrl-C reaches the child by itself: passing it on would make two of it.
      const pass = (signal: NodeJS.Signals) => () => void child.kill(signal);
      if (!cli.stdin.isTTY) process.on("SIGINT", pass("SIGINT"));
      process.on("SIGTERM", pass("SIGTERM"));
      process.on("SIGHUP", pass("SIGHUP"));
      const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
      cli.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 1);
    });
}
