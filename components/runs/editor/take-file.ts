import { toBase64 } from "../../lib/base64.ts";
import { runBounds } from "#contract/run-bounds.ts";
import type { RunBytes } from "#contract/run.ts";

/** A file of this device as a run takes it: as text when it is UTF-8. Throws a sentence when it is too large. */
export async function takeFile(file: File, taken: number): Promise<RunBytes> {
  // As base64 it grows by a third, and what a run is given has one bound for all of it.
  if (taken + (file.size * 4) / 3 > runBounds.input)
    throw new Error(`${file.name} is too large: a run is given 16 MB at most.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // it is not text
  }
  return { base64: toBase64(bytes) };
}
