import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { readSince } from "../lib/options.ts";
import { write } from "../lib/output.ts";
import { parseDuration, parseWhole } from "../lib/units.ts";

interface Options {
  follow?: boolean;
  tail?: number;
  since?: string;
  service?: string;
}

export function addLogs(program: Command, cli: Cli): void {
  program
    .command("logs <cave>")
    .description("Show what a cave, or one of its services, has logged")
    .option("-f, --follow", "go on as more comes")
    .option("--tail <n>", "only the last lines", parseWhole)
    .option("--since <time>", "only from then on: 10m (ago), or 2026-01-31T12:00:00Z")
    .option("--service <name>", "a service of the cave: desktop, code, jupyter, …")
    .action(async (cave: string, { follow, tail, since, service }: Options) => {
      const from = since === undefined ? undefined : readSince(since, Date.now(), parseDuration);
      const input = { params: { cave }, query: { tail, service, since: from, follow: follow === true } };
      const { logs } = (await cli.api()).caves;
      if (follow) {
        for await (const event of logs.events(input, cli.call)) {
          if (event.event === "line") await write(cli.stdout, `${event.data}\n`, cli.signal);
        }
        return;
      }
      const body = (await logs.stream(input, cli.call)).body as AsyncIterable<Uint8Array> | null;
      for await (const chunk of body ?? []) await write(cli.stdout, chunk, cli.signal);
    });
}
