import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { ask } from "./run.ts";

/** A process that outlives the command which started it. */
export interface PidRecord {
  readonly pid: number;
  /** When it started, by the system's own word: the same number with another start is another process. */
  readonly started: string;
  /** Where a gateway answers. */
  readonly url?: string;
  /** `npm run down` stops it. */
  readonly detached?: boolean;
}

/** When a process started, or undefined when there is none. */
export async function startOf(pid: number): Promise<string | undefined> {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold spaces; fields are counted behind it. The third is the state, the 22nd the start.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    if (process.platform === "linux") return undefined; // elsewhere there is no /proc
    return (await ask("ps", ["-o", "lstart=", "-p", String(pid)]))?.trim();
  }
}

/** What the file names, if it still runs. */
export async function readPid(path: string): Promise<PidRecord | undefined> {
  let record: Partial<PidRecord> | null;
  try {
    record = JSON.parse(readFileSync(path, "utf8")) as Partial<PidRecord> | null;
  } catch {
    return undefined; // none, or half of one
  }
  if (!Number.isInteger(record?.pid) || typeof record?.started !== "string") return undefined;
  const { pid, started } = record as PidRecord;
  return (await startOf(pid)) === started ? (record as PidRecord) : undefined;
}

export function writePid(path: string, record: PidRecord): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}

export function removePid(path: string): void {
  rmSync(path, { force: true });
}

/** Asks a process to end, and after `graceMs` makes it. */
export async function stopProcess(
  { pid, started }: PidRecord,
  graceMs = 15_000,
): Promise<"stopped" | "killed"> {
  if (await ends("SIGTERM", graceMs)) return "stopped";
  await ends("SIGKILL", 5000);
  return "killed";

  async function ends(signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
    const until = Date.now() + withinMs;
    if ((await startOf(pid)) !== started) return true;
    process.kill(pid, signal);
    while (Date.now() < until) {
      if ((await startOf(pid)) !== started) return true;
      await delay(50);
    }
    return false;
  }
}
