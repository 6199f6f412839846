import type { Readable, Writable } from "node:stream";

const headerBytes = 8;
const toStderr = 2;

/**
 * Takes the engine's multiplexed stream apart (a byte of which, three of padding, four of length, then the bytes) and ends both outputs with it.
 * Waits for a slow reader, until told to `hurry`; bytes for one who has left are dropped, so that the other still gets its own.
 */
export async function demux(
  source: Readable,
  stdout: Writable,
  stderr: Writable,
  hurry?: AbortSignal,
): Promise<void> {
  let header = Buffer.alloc(0);
  let left = 0;
  let target = stdout;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let rest = chunk;
    while (rest.length > 0) {
      if (left === 0) {
        const missing = headerBytes - header.length;
        header = Buffer.concat([header, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (header.length < headerBytes) break;
        target = header[0] === toStderr ? stderr : stdout;
        left = header.readUInt32BE(4);
        header = Buffer.alloc(0);
        continue;
      }
      const part = rest.subarray(0, left);
      rest = rest.subarray(part.length);
      left -= part.length;
      await give(target, part, hurry);
    }
  }
  stdout.end();
  stderr.end();
}

/** The same for a terminal's stream, which has no frames. */
export async function pass(source: Readable, target: Writable, hurry?: AbortSignal): Promise<void> {
  for await (const chunk of source as AsyncIterable<Buffer>) await give(target, chunk, hurry);
  target.end();
}

async function give(target: Writable, bytes: Buffer, hurry?: AbortSignal): Promise<void> {
  if (
    target.destroyed ||
    (hurry?.aborted && target.writableNeedDrain) ||
    target.write(bytes) ||
    hurry?.aborted
  )
    return;
  await new Promise<void>((resolve) => {
    const done = () => {
      target.off("drain", done).off("close", done);
      hurry?.removeEventListener("abort", done);
      resolve();
    };
    target.on("drain", done).on("close", done);
    hurry?.addEventListener("abort", done);
  });
}
