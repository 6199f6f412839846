import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { clean } from "../lib/style.ts";
import { pairs } from "../lib/table.ts";
import { showIn } from "../lib/units.ts";

export function addWhoami(program: Command, cli: Cli): void {
  program
    .command("whoami")
    .description("Show who you are to Ghost, and what you may do")
    .option("--json", "print it as JSON")
    .action(async (options: { json?: boolean }) => {
      const me = await (await cli.api()).accounts.me({}, cli.call);
      if (options.json) {
        cli.printJson(me);
        return;
      }
      const expires: [string, string][] = me.expiresAt ? [["expires", showIn(me.expiresAt, Date.now())]] : [];
      const rows: [string, string][] = [
        ["user", `${clean(me.user.name)} (${me.user.role})`],
        ["gateway", cli.credentials.url],
        ["scopes", me.scopes.join(", ")],
        ...expires,
      ];
      cli.print(...pairs(rows, cli.style.dim));
    });
}
