import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { showCave } from "../lib/show-cave.ts";

export function addInfo(program: Command, cli: Cli): void {
  program
    .command("info <cave>")
    .description("Show all about a cave")
    .option("--json", "print it as JSON")
    .action(async (cave: string, options: { json?: boolean }) => {
      const found = await (await cli.api()).caves.get({ params: { cave } }, cli.call);
      if (options.json) cli.printJson(found);
      else cli.print(...showCave(found, cli.style, Date.now()));
    });
}
