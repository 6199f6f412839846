import type { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** So much may be left behind: little enough to stay in the caches, enough that collecting it costs nothing that can be measured. */
const litterBytes = 4 * 2 ** 20;

let litter = 0;
let collect: ((options: { type: "minor" }) => void) | undefined;

/**
 * To be told of bytes that pass through. Every chunk leaves a buffer of 64 KB behind, and V8 counts little of that towards its next collection of
 * young garbage: left alone they pile up by the hundred megabytes, and each new one goes through memory that no cache holds. Collected as they
 * come, a gigabyte costs a third of the CPU, twice as much goes through in a second, and memory does not grow (bench: files).
 */
export function streamed(bytes: number): void {
  litter += bytes;
  if (litter < litterBytes) return;
  litter = 0;
  collect ??= minorCollection();
  collect({ type: "minor" });
}

/** Tells of what the stream yields, as long as somebody else reads it. */
export function watched<S extends Readable>(stream: S): S {
  return stream.on("data", (chunk: Buffer | string) => streamed(chunk.length));
}

/** V8 hands its collector to contexts that are made after the flag was set. */
function minorCollection(): (options: { type: "minor" }) => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as (options: { type: "minor" }) => void;
}
