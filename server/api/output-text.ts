import { isUtf8 } from "node:buffer";
import type { OutputChunk } from "#contract/inside.ts";

/** Bytes as JSON can carry them: as text when they are UTF-8. */
export function encodeOutput(
  bytes: Buffer,
  truncated: boolean,
): { text: string; encoding: "utf8" | "base64" } {
  const whole = truncated ? bytes.subarray(0, wholeCharacters(bytes)) : bytes;
  return isUtf8(whole)
    ? { text: whole.toString("utf8"), encoding: "utf8" }
    : { text: bytes.toString("base64"), encoding: "base64" };
}

/** The same for pieces of a stream: a character that was cut in two waits for its other half. */
export function chunkEncoder(): {
  push(bytes: Buffer): OutputChunk | undefined;
  end(): OutputChunk | undefined;
} {
  let rest: Buffer = Buffer.alloc(0);
  const encode = (bytes: Buffer): OutputChunk | undefined => {
    if (bytes.length === 0) return undefined;
    return isUtf8(bytes) ? { text: bytes.toString("utf8") } : { base64: bytes.toString("base64") };
  };
  return {
    push(bytes) {
      const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const end = wholeCharacters(all);
      rest = all.subarray(end);
      return encode(all.subarray(0, end));
    },
    end() {
      const last = encode(rest);
      rest = Buffer.alloc(0);
      return last;
    },
  };
}

/** Where the last character ends that is not cut off; the bytes before need not be UTF-8. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue; // within a character
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
