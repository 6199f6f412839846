import { linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readPid, removePid, startOf, type PidRecord } from "./pid-file.ts";

/** Held until disposed; one process at a time. A holder that died holds nothing. */
export async function takeLock(
  path: string,
  options: { detached?: boolean; signal: AbortSignal; onWait: (holder: PidRecord) => void },
): Promise<Disposable> {
  mkdirSync(dirname(path), { recursive: true });
  const own = `${path}.${process.pid}`;
  const record: PidRecord = {
    pid: process.pid,
    started: (await startOf(process.pid)) ?? "",
    detached: options.detached ?? false,
  };
  writeFileSync(own, `${JSON.stringify(record)}\n`);
  try {
    for (let waiting = false; ; waiting = true) {
      options.signal.throwIfAborted();
      try {
        linkSync(own, path); // whole and at once, or not at all
        return { [Symbol.dispose]: () => removePid(path) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = await readPid(path);
      if (!holder) {
        removePid(path);
        continue;
      }
      if (!waiting) options.onWait(holder);
      await delay(500, undefined, { signal: options.signal });
    }
  } finally {
    rmSync(own, { force: true });
  }
}
