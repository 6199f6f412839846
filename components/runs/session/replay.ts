import { fromBase64 } from "../../lib/base64.ts";
import type { RunEvent } from "#contract/run.ts";

export type Stream = RunEvent["stream"];

/**
 * A run's events as text, each byte once: who follows again is told everything from the start, cut into other pieces, and a character may be
 * cut in two.
 */
export class Replay {
  readonly #streams = new Map<Stream, { taken: number; seen: number; decoder: TextDecoder }>();

  /** What comes now is told from the start. */
  restart(): void {
    for (const stream of this.#streams.values()) stream.seen = 0;
  }

  /** The part of it that is new. */
  take({ stream: name, data, encoding }: Pick<RunEvent, "stream" | "data" | "encoding">): string {
    const bytes = encoding === "base64" ? fromBase64(data) : new TextEncoder().encode(data);
    let stream = this.#streams.get(name);
    if (!stream) {
      stream = { taken: 0, seen: 0, decoder: new TextDecoder("utf-8", { ignoreBOM: true }) };
      this.#streams.set(name, stream);
    }
    const known = Math.min(bytes.length, stream.taken - stream.seen);
    stream.seen += bytes.length;
    if (known === bytes.length) return "";
    stream.taken += bytes.length - known;
    return stream.decoder.decode(bytes.subarray(known), { stream: true });
  }
}
