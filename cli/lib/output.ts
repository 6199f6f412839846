import { once } from "node:events";
import type { Writable } from "node:stream";

/** Writes and waits where the reader is slow. */
export async function write(
  stream: Writable,
  data: string | Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  if (!stream.write(data)) await once(stream, "drain", signal && { signal });
}
