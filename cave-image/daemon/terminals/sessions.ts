import { readdirSync, readFileSync } from "node:fs";

/** A shell gives each of its jobs a process group of its own; what they share with it is the session. */
export function signalSession(leader: number, signal: NodeJS.Signals): void {
  for (const pid of sessionOf(leader)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has just ended.
    }
  }
}

function sessionOf(leader: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
        return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3]) === leader;
      } catch {
        return false;
      }
    });
}
