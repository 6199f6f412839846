import { logError } from "./log.ts";

const quietMs = 2000;
const worthBytes = 16 * 2 ** 20;

let timer: NodeJS.Timeout | undefined;
let tidied = process.memoryUsage.rss();

/**
 * Something was done, and perhaps left garbage: buffers that V8 sees no reason to collect while it is idle, a hundred megabytes after a large
 * upload. When nothing more comes they are collected.
 */
export function tidySoon(): void {
  timer ??= setTimeout(tidy, quietMs).unref();
  timer.refresh();
}

function tidy(): void {
  if (process.memoryUsage.rss() < tidied + worthBytes) return;
  try {
    process.getBuiltinModule("node:v8").setFlagsFromString("--expose-gc");
    const collect = process.getBuiltinModule("node:vm").runInNewContext("gc") as () => void;
    collect();
  } catch (error) {
    logError("Memory could not be tidied", error);
  }
  tidied = process.memoryUsage.rss();
}
