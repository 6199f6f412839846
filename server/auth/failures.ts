import { isIPv6 } from "node:net";

/** Counts refused credentials by address, in bounded memory. */
export interface Failures {
  /** Seconds to wait when there were too many lately; the right credential is let in all the same. */
  add(ip: string): number | undefined;
}

const windowMs = 60_000;
const allowed = 30;
const maxAddresses = 10_000;

export function createFailures(now: () => Date): Failures {
  const counts = new Map<string, { count: number; until: number }>();
  return {
    add(ip) {
      const at = now().getTime();
      const key = isIPv6(ip) ? networkOf(ip) : ip;
      let entry = counts.get(key);
      if (entry === undefined || entry.until <= at) {
        counts.delete(key); // the map's order is the order of ends
        if (counts.size >= maxAddresses) forgetOldest(counts);
        entry = { count: 0, until: at + windowMs };
        counts.set(key, entry);
      }
      entry.count += 1;
      return entry.count > allowed ? Math.ceil((entry.until - at) / 1000) : undefined;
    },
  };
}

function forgetOldest(counts: Map<string, unknown>): void {
  for (const oldest of counts.keys()) {
    counts.delete(oldest);
    return;
  }
}

/** Whoever has one IPv6 address has the other 2^64 of its network too. */
function networkOf(ip: string): string {
  const [head = "", tail = ""] = ip.split("::", 2);
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === "" ? 0 : tail.split(":").length;
  if (ip.includes("::")) while (groups.length + rest < 8) groups.push("0");
  return groups.slice(0, 4).join(":");
}
