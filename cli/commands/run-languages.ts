import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { table, type Column } from "../lib/table.ts";
import { parseWhole } from "../lib/units.ts";
import type { LanguageStatus } from "#contract/run.ts";

export function addLanguages(program: Command, cli: Cli): void {
  const languages = program
    .command("languages")
    .description("The languages of `ghost run`, and the containers that wait for each");
  languages
    .command("list", { isDefault: true })
    .alias("ls")
    .description("List them")
    .option("--json", "print them as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const found = await (await cli.api()).runs.languages({}, cli.call);
      if (json) {
        cli.printJson(found);
        return;
      }
      cli.print(...table(columns, found.languages, cli.width, cli.style.dim));
      for (const { title, ready, build } of found.languages)
        if (!ready) cli.note(`${title} is not built here: ${build}`);
    });
  languages
    .command("warm <language> <size>")
    .description("Keep so many containers waiting; 0 keeps none")
    .action(async (language: string, size: string) => {
      const { pool } = await (
        await cli.api()
      ).runs.warm({ params: { language }, body: { size: parseWhole(size) } }, cli.call);
      cli.note(`${pool.available} of ${pool.target} wait.`);
    });
}

const columns: Column<LanguageStatus>[] = [
  { title: "LANGUAGE", value: ({ name }) => name },
  { title: "VERSION", value: ({ version, ready }) => version ?? (ready ? "" : "not built") },
  { title: "ALIASES", value: ({ aliases }) => aliases.join(" "), min: 8 },
  { title: "WAITING", value: ({ pool }) => `${pool.available}/${pool.target}` },
  { title: "ACTIVE", value: ({ pool }) => String(pool.active) },
  { title: "HITS", value: ({ pool }) => `${pool.hits}/${pool.hits + pool.misses}` },
];
