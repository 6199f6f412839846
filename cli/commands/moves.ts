import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { clean } from "../lib/style.ts";

const moves = {
  stop: ["Stop a cave; its workspace stays", "Stopped"],
  start: ["Start a stopped cave", "Started"],
  restart: ["Stop a cave and start it again", "Restarted"],
  pause: ["Freeze all that runs in a cave", "Paused"],
  resume: ["Let a paused cave go on", "Resumed"],
} as const;

/** `stop`, `start`, `restart`, `pause` and `resume` differ in their words alone. */
export function addMoves(program: Command, cli: Cli): void {
  for (const [verb, [summary, done]] of Object.entries(moves) as [
    keyof typeof moves,
    readonly [string, string],
  ][])
    program
      .command(`${verb} <cave...>`)
      .description(summary)
      .option("--json", "print each cave as JSON, one per line")
      .action(async (caves: string[], options: { json?: boolean }) => {
        const client = await cli.api();
        for (const cave of caves) {
          const moved = await client.caves[verb]({ params: { cave } }, cli.call);
          cli.print(options.json ? JSON.stringify(moved) : `${done} ${clean(moved.name)}`);
        }
      });
}
