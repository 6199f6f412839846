import type { Readable, Writable } from "node:stream";
import { finished } from "node:stream/promises";

/** Resolves when all of `source` is written, which leaves `sink` open; both belong to the caller. */
export async function feed(source: Readable, sink: Writable, signal: AbortSignal): Promise<void> {
  source.pipe(sink, { end: false });
  try {
    await finished(source, { writable: false, signal });
  } finally {
    source.unpipe(sink);
  }
}
