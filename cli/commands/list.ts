import { Option, type Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { stateColour } from "../lib/show-cave.ts";
import { table, type Column } from "../lib/table.ts";
import { showAgo, showMegabytes } from "../lib/units.ts";
import type { Cave, CaveState } from "#contract/cave.ts";

interface Options {
  state?: CaveState;
  all?: boolean;
  quiet?: boolean;
  json?: boolean;
}

const states = ["creating", "running", "paused", "stopped", "failed", "removing"] satisfies CaveState[];

export function addList(program: Command, cli: Cli): void {
  program
    .command("list")
    .alias("ls")
    .description("List your caves")
    .addOption(new Option("--state <state>", "only those in this state").choices(states))
    .option("-a, --all", "those of every user, where you may see them")
    .option("-q, --quiet", "names only")
    .option("--json", "print them as JSON")
    .action(async (options: Options) => {
      const caves = await allCaves(cli, options);
      if (options.json) cli.printJson(caves);
      else if (options.quiet) cli.print(...caves.map((cave) => cave.name));
      else if (caves.length > 0) cli.print(...table(columns(cli, options), caves, cli.width, cli.style.dim));
      else cli.note(options.state ? `No cave is ${options.state}.` : "No caves yet. Make one: ghost create");
    });
}

async function allCaves(cli: Cli, { state, all }: Options): Promise<Cave[]> {
  const client = await cli.api();
  const found: Cave[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 500, state, cursor, owner: all ? undefined : "me" };
    const page = await client.caves.list({ query }, cli.call);
    found.push(...page.caves);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
}

function columns(cli: Cli, { all }: Options): Column<Cave>[] {
  const now = Date.now();
  const owner: Column<Cave> = { title: "OWNER", value: (cave) => cave.owner, min: 6 };
  return [
    { title: "NAME", value: (cave) => cave.name, paint: (text) => cli.style.bold(text), min: 12 },
    ...(all ? [owner] : []),
    {
      title: "STATE",
      value: ({ state, starting }) => (starting ? `${state}: ${starting.stage}` : state),
      paint: (text, cave) => stateColour(cli.style, cave.state)(text),
    },
    { title: "IMAGE", value: (cave) => cave.image, min: 10 },
    { title: "CPUS", value: (cave) => String(cave.limits.cpus), align: "right" },
    { title: "MEMORY", value: (cave) => showMegabytes(cave.limits.memoryMb), align: "right" },
    {
      title: "PORTS",
      value: (cave) => [...new Set(cave.ports.map(({ port }) => port))].join(" ") || "-",
      min: 6,
    },
    { title: "ACTIVE", value: (cave) => showAgo(cave.lastActivity.at, now) },
  ];
}
