import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { streamed, watched } from "./streamed.ts";

const chunk = 65_536;
const MB = 2 ** 20;

it("keeps what streaming leaves behind small", async () => {
  const before = process.memoryUsage().arrayBuffers;
  let peak = 0;
  for (let i = 0; i < 16_384; i += 1) {
    Buffer.allocUnsafeSlow(chunk)[0] = 1;
    streamed(chunk);
    if (i % 16 === 0) await turn();
    if (i % 64 === 0) peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
  }
  expect(peak).toBeLessThan(24 * MB);
});

it("changes nothing of a stream that it watches", async () => {
  const source = Readable.from(Array.from({ length: 300 }, (_, index) => Buffer.alloc(chunk, index)));
  const target = new PassThrough({ highWaterMark: chunk });
  const piped = pipeline(watched(source), target);
  let at = 0;
  for await (const data of target as AsyncIterable<Buffer>) {
    expect(data.equals(Buffer.alloc(chunk, at))).toBe(true);
    at += 1;
  }
  await piped;
  expect(at).toBe(300);
});
