import { groups } from "./start.ts";

/** How long a group may take to end of itself. */
const graceMs = 500;

export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** SIGTERM, and soon after SIGKILL for whatever of the group is still there. */
export function endGroup(pid: number): void {
  if (signalGroup(pid, "SIGTERM")) {
    signalGroup(pid, "SIGCONT"); // a stopped process takes no SIGTERM
    setTimeout(() => signalGroup(pid, "SIGKILL"), graceMs);
  }
}

/** Ends all that the daemon started; resolves when they are gone or were killed. */
export async function endAllGroups(): Promise<void> {
  for (const pid of groups) endGroup(pid);
  const end = performance.now() + graceMs;
  while (groups.size > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
  for (const pid of groups) signalGroup(pid, "SIGKILL");
}
