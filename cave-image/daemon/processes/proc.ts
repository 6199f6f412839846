import { readdirSync, readFileSync } from "node:fs";

/** What the kernel says of a process. */
export interface ProcEntry {
  pid: number;
  parent: number;
  command: string;
  startedAt: string;
  cpuMs: number;
  memoryBytes: number;
}

/** Of every Linux that Node runs on, in what /proc shows. */
const ticksPerSecond = 100;
const pageBytes = 4096;
const longestCommand = 4096;

export function readProcesses(): ProcEntry[] {
  return pids().flatMap((pid) => readProcess(pid) ?? []);
}

export function pids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Undefined when it is gone, or dead and only not yet reaped. */
export function readProcess(pid: number): ProcEntry | undefined {
  try {
    const { name, fields } = readStat(pid);
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    const field = (number: number) => Number(fields[number - 3]);
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replace(/\0+$/, "").replaceAll("\0", " ");
    return {
      pid,
      parent: field(4),
      command: command.slice(0, longestCommand) || `[${name}]`,
      startedAt: new Date(bootedAt() + (field(22) * 1000) / ticksPerSecond).toISOString(),
      cpuMs: ((field(14) + field(15)) * 1000) / ticksPerSecond,
      memoryBytes: field(24) * pageBytes,
    };
  } catch {
    return undefined;
  }
}

/** Name, and the fields of /proc/<pid>/stat from the third on: a name may itself hold spaces and brackets. */
export function readStat(pid: number): { name: string; fields: string[] } {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const end = stat.lastIndexOf(")");
  return { name: stat.slice(stat.indexOf("(") + 1, end), fields: stat.slice(end + 2).split(" ") };
}

function bootedAt(): number {
  return Date.now() - Number.parseFloat(readFileSync("/proc/uptime", "latin1")) * 1000;
}
