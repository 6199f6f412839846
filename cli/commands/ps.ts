import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { table, type Column } from "../lib/table.ts";
import { showAgo, showBytes } from "../lib/units.ts";
import type { Process } from "#contract/inside.ts";

export function addPs(program: Command, cli: Cli): void {
  program
    .command("ps <cave>")
    .description("List the processes of a cave")
    .option("--json", "print them as JSON")
    .action(async (cave: string, options: { json?: boolean }) => {
      const { processes } = await (await cli.api()).processes.list({ params: { cave } }, cli.call);
      if (options.json) cli.printJson(processes);
      else cli.print(...table(columns(Date.now()), processes, cli.width, cli.style.dim));
    });
}

const columns = (now: number): Column<Process>[] => [
  { title: "PID", value: ({ pid }) => String(pid), align: "right" },
  { title: "STARTED", value: ({ startedAt }) => showAgo(startedAt, now) },
  { title: "CPU", value: ({ cpuMs }) => `${(cpuMs / 1000).toFixed(1)} s`, align: "right" },
  { title: "MEMORY", value: ({ memoryBytes }) => showBytes(memoryBytes), align: "right" },
  { title: "STATE", value: stateOf },
  {
    title: "COMMAND",
    value: ({ name, command }) => (name === undefined ? command : `[${name}] ${command}`),
    min: 20,
  },
];

function stateOf({ running, exitCode, signal }: Process): string {
  if (running) return "running";
  return signal ?? (exitCode === undefined || exitCode === null ? "ended" : `exit ${exitCode}`);
}
