import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { usage } from "../lib/failure.ts";
import { collect } from "../lib/options.ts";
import { table, type Column } from "../lib/table.ts";
import { parseDuration, showAgo, showIn } from "../lib/units.ts";
import type { Token } from "#contract/account.ts";
import type { Scope } from "#contract/scopes.ts";

interface CreateOptions {
  scope?: string[];
  expires?: number;
  json?: boolean;
}

export function addTokens(program: Command, cli: Cli): void {
  const tokens = program.command("tokens").description("Make and revoke tokens for programs");
  tokens
    .command("list")
    .alias("ls")
    .description("List your tokens")
    .option("--json", "print them as JSON")
    .action(async (options: { json?: boolean }) => {
      const found = (await (await cli.api()).accounts.listTokens({}, cli.call)).tokens;
      if (options.json) cli.printJson(found);
      else if (found.length > 0) cli.print(...table(columns(Date.now()), found, cli.width, cli.style.dim));
      else cli.note("No tokens.");
    });
  tokens
    .command("create <name>")
    .description("Make a token; it is shown this once")
    .option("--scope <scope>", "what it may do, e.g. caves:read (repeatable; default: caves:read)", collect)
    .option("--expires <duration>", "how long it is valid, e.g. 30d (default: 90d)", parseDuration)
    .option("--json", "print it as JSON")
    .action(async (name: string, { scope, expires, json }: CreateOptions) => {
      const scopes = await checkScopes(scope ?? ["caves:read"]);
      const body = { name, scopes, ...(expires !== undefined && { expiresInMs: expires }) };
      const token = await (await cli.api()).accounts.createToken({ body }, cli.call);
      if (json) {
        cli.printJson(token);
        return;
      }
      cli.note(
        `${token.id} may ${token.scopes.join(", ")} and expires ${showIn(token.expiresAt, Date.now())}. Shown this once:`,
      );
      cli.print(token.secret);
    });
  tokens
    .command("revoke <id...>")
    .alias("rm")
    .description("Make tokens invalid at once")
    .action(async (ids: string[]) => {
      const client = await cli.api();
      for (const id of ids) await client.accounts.revokeToken({ params: { id } }, cli.call);
    });
}

async function checkScopes(given: readonly string[]): Promise<Scope[]> {
  const { scopes } = await import("#contract/scopes.ts");
  const known = Object.keys(scopes) as Scope[];
  return given
    .flatMap((one) => one.split(","))
    .map((one) => {
      const scope = known.find((name) => name === one);
      if (scope === undefined) throw usage(`There is no scope ${one}.`, `One of ${known.join(", ")}.`);
      return scope;
    });
}

const columns = (now: number): Column<Token>[] => [
  { title: "ID", value: ({ id }) => id },
  { title: "NAME", value: ({ name }) => name, min: 10 },
  { title: "SCOPES", value: ({ scopes }) => scopes.join(" "), min: 12 },
  { title: "EXPIRES", value: ({ expiresAt }) => showIn(expiresAt, now) },
  {
    title: "USED",
    value: ({ lastUsedAt }) => (lastUsedAt === undefined ? "never" : showAgo(lastUsedAt, now)),
  },
];
