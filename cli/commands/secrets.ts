import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { usage } from "../lib/failure.ts";
import { askHidden } from "../lib/prompt.ts";
import { table } from "../lib/table.ts";
import { showAgo } from "../lib/units.ts";

export function addSecrets(program: Command, cli: Cli): void {
  const secrets = program
    .command("secrets")
    .description("Keep values that caves may use and nobody can read back");
  secrets
    .command("list")
    .alias("ls")
    .description("List their names")
    .option("--json", "print them as JSON")
    .action(async (options: { json?: boolean }) => {
      const found = (await (await cli.api()).accounts.listSecrets({}, cli.call)).secrets;
      if (options.json) {
        cli.printJson(found);
        return;
      }
      if (found.length === 0) {
        cli.note("No secrets yet. Store one: ghost secrets set NAME");
        return;
      }
      const now = Date.now();
      const lines = table(
        [
          { title: "NAME", value: ({ name }) => name, min: 12 },
          { title: "VERSION", value: ({ version }) => String(version), align: "right" },
          { title: "CHANGED", value: ({ updatedAt }) => showAgo(updatedAt, now) },
        ],
        found,
        cli.width,
        cli.style.dim,
      );
      cli.print(...lines);
    });
  secrets
    .command("set <name>")
    .description("Store a value; it is read from stdin, or asked for without showing it")
    .option("--json", "print name and version as JSON")
    .action(async (name: string, options: { json?: boolean }) => {
      const value = await readValue(cli, name);
      if (value === "")
        throw usage("The value is empty.", `Pipe it in: printf %s "$VALUE" | ghost secrets set ${name}`);
      const stored = await (
        await cli.api()
      ).accounts.putSecret({ params: { name }, body: { value } }, cli.call);
      if (options.json) cli.printJson(stored);
      else
        cli.note(
          `Stored ${stored.name}, version ${stored.version}. Hand it to a cave with --secret ${stored.name}.`,
        );
    });
  secrets
    .command("remove <name...>")
    .alias("rm")
    .description("Delete secrets")
    .action(async (names: string[]) => {
      const client = await cli.api();
      for (const name of names) await client.accounts.removeSecret({ params: { name } }, cli.call);
    });
}

const maxBytes = 65_536;

/** What is piped in, without the one newline that `echo` adds. */
async function readValue(cli: Cli, name: string): Promise<string> {
  if (cli.stdin.isTTY) return askHidden(cli, `Value of ${name} (not shown): `);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of cli.stdin) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > maxBytes + 1) throw usage(`A secret has at most ${maxBytes} bytes.`);
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}
