import type { Process } from "#contract/inside.ts";

export interface ProcessRow {
  readonly process: Process;
  readonly level: number;
  /** Share of one CPU since the reading before, when there was one. */
  readonly cpu: number | undefined;
}

export type Order = "tree" | "cpu" | "memory";

interface Reading {
  readonly at: number;
  readonly processes: readonly Process[];
}

/** Processes as they descend from each other, or by what they take. */
export function rowsOf(now: Reading, before: Reading | undefined, order: Order): ProcessRow[] {
  const earlier = new Map(before?.processes.map((one) => [key(one), one.cpuMs]));
  const spanMs = before ? now.at - before.at : 0;
  const cpuOf = (one: Process) => {
    const was = earlier.get(key(one));
    return was === undefined || spanMs <= 0 ? undefined : Math.max(0, (one.cpuMs - was) / spanMs);
  };
  const row = (process: Process, level: number): ProcessRow => ({ process, level, cpu: cpuOf(process) });
  if (order !== "tree")
    return now.processes
      .map((one) => row(one, 0))
      .sort((a, b) =>
        order === "cpu" ? (b.cpu ?? 0) - (a.cpu ?? 0) : b.process.memoryBytes - a.process.memoryBytes,
      );
  const pids = new Set(now.processes.map(({ pid }) => pid));
  const children = new Map<number, Process[]>();
  for (const one of now.processes) {
    const parent = pids.has(one.parent) && one.parent !== one.pid ? one.parent : 0;
    children.set(parent, [...(children.get(parent) ?? []), one]);
  }
  const rows: ProcessRow[] = [];
  const visit = (pid: number, level: number) => {
    for (const one of (children.get(pid) ?? []).sort((a, b) => a.pid - b.pid)) {
      rows.push(row(one, level));
      visit(one.pid, level + 1);
    }
  };
  visit(0, 0);
  return rows;
}

const key = ({ pid, startedAt }: Process) => `${pid} ${startedAt}`;
