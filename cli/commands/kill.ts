import { Option, type Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { usage } from "../lib/failure.ts";
import { parseWhole } from "../lib/units.ts";
import type { Signal } from "#contract/inside.ts";

const names = ["TERM", "KILL", "INT", "HUP", "QUIT", "USR1", "USR2", "STOP", "CONT"] as const;

export function addKill(program: Command, cli: Cli): void {
  program
    .command("kill <cave> <pid...>")
    .description("Signal processes of a cave; one that was started through Ghost with all it started")
    .addOption(new Option("-s, --signal <name>", "signal to send").default("TERM").argParser(parseSignal))
    .action(async (cave: string, pids: string[], { signal }: { signal: string }) => {
      const client = await cli.api();
      for (const pid of pids.map(parseWhole)) {
        const body = { signal: parseSignal(signal) };
        await client.processes.signal({ params: { cave, pid }, body }, cli.call);
      }
    });
}

/** `KILL`, `SIGKILL` or `kill`. */
export function parseSignal(text: string): Signal {
  const name = text.toUpperCase().replace(/^SIG/, "");
  const known = names.find((one) => one === name);
  if (known === undefined) throw usage(`There is no signal ${text}.`, `One of ${names.join(", ")}.`);
  return `SIG${known}`;
}
