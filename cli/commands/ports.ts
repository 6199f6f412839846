import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { clean } from "../lib/style.ts";
import { table, type Column } from "../lib/table.ts";
import type { ListeningPort } from "#contract/cave.ts";
import type { CavePort } from "#contract/surfaces.ts";

interface Options {
  watch?: boolean;
  json?: boolean;
}

const columns: Column<CavePort>[] = [
  { title: "PORT", value: ({ port }) => String(port), align: "right" },
  {
    title: "PROCESS",
    value: ({ process, listening }) => (listening ? (process ?? "-") : "(nothing)"),
    min: 10,
  },
  { title: "PID", value: ({ pid }) => (pid === undefined ? "-" : String(pid)), align: "right" },
  { title: "VISIBLE TO", value: ({ visibility }) => visibleTo[visibility] },
  { title: "URL", value: ({ url }) => url, min: 20 },
];

const visibleTo = { private: "you", link: "link", public: "everybody" } as const;

export function addPorts(program: Command, cli: Cli): void {
  program
    .command("ports <cave>")
    .description("List the ports that something in a cave listens on, or that are shared")
    .option("-w, --watch", "go on, a line for every port that opens or closes")
    .option("--json", "print them as JSON; with --watch one line per change")
    .action(async (cave: string, options: Options) => {
      if (options.watch) return watch(cli, cave, options);
      const { ports } = await (await cli.api()).ports.list({ params: { cave } }, cli.call);
      if (options.json) cli.printJson(ports);
      else if (ports.length > 0) cli.print(...table(columns, ports, cli.width, cli.style.dim));
      else cli.note("Nothing listens.");
    });
}

async function watch(cli: Cli, name: string, { json }: Options): Promise<void> {
  const client = await cli.api();
  const { id } = await client.caves.get({ params: { cave: name } }, cli.call);
  let open = new Map<number, ListeningPort>();
  const show = (what: "opened" | "closed", one: ListeningPort) => {
    const by = one.process === undefined ? "" : ` by ${clean(one.process)}`;
    cli.print(
      json ? JSON.stringify({ ...one, event: what }) : `${what} ${one.port}${what === "opened" ? by : ""}`,
    );
  };
  for await (const { data } of client.caves.events.events({}, cli.call)) {
    if (data.type === "removed" && data.caveId === id) return;
    const ports =
      data.type === "cave" && data.cave.id === id
        ? data.cave.ports
        : data.type === "ports" && data.caveId === id
          ? data.ports
          : undefined;
    if (ports === undefined) continue;
    const now = new Map(ports.map((one) => [one.port, one]));
    for (const [port, one] of open) if (!now.has(port)) show("closed", one);
    for (const [port, one] of now) if (!open.has(port)) show("opened", one);
    open = now;
  }
}
