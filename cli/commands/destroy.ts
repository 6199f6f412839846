import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { exitCodes, usage } from "../lib/failure.ts";
import { confirm } from "../lib/prompt.ts";
import { clean } from "../lib/style.ts";
import { showAgo } from "../lib/units.ts";
import type { Cave } from "#contract/cave.ts";

interface Options {
  yes?: boolean;
  keepWorkspace?: boolean;
}

export function addDestroy(program: Command, cli: Cli): void {
  program
    .command("destroy <cave...>")
    .description("Delete caves and, unless told otherwise, their workspaces")
    .option("-y, --yes", "do not ask")
    .option("--keep-workspace", "keep /workspace for a new cave of the same name")
    .action(async (names: string[], options: Options) => {
      const client = await cli.api();
      const caves: Cave[] = [];
      for (const cave of new Set(names)) caves.push(await client.caves.get({ params: { cave } }, cli.call));
      if (!options.yes && !(await agreed(cli, caves, options))) {
        cli.note("Nothing was destroyed.");
        cli.exitCode = exitCodes.failed;
        return;
      }
      const query = { keepWorkspace: options.keepWorkspace === true };
      for (const { id, name } of caves) {
        await client.caves.remove({ params: { cave: id }, query }, cli.call);
        cli.print(`Destroyed ${clean(name)}`);
      }
    });
}

async function agreed(cli: Cli, caves: readonly Cave[], { keepWorkspace }: Options): Promise<boolean> {
  if (!cli.stdin.isTTY || !cli.stderr.isTTY)
    throw usage("Nobody is there to ask whether that is meant.", "Say --yes to destroy without being asked.");
  const now = Date.now();
  for (const { name, state, ports, lastActivity } of caves) {
    const listening = ports.length > 0 ? `, ports ${ports.map(({ port }) => port).join(", ")}` : "";
    const lost = keepWorkspace ? "all outside /workspace" : "/workspace and everything else in it";
    const active = `active ${showAgo(lastActivity.at, now)}`;
    cli.stderr.write(
      `${cli.errorStyle.bold(clean(name))} (${state}, ${active}${listening}) loses ${lost}.\n`,
    );
  }
  return confirm(cli, caves.length === 1 ? "Destroy it?" : `Destroy all ${caves.length}?`);
}
