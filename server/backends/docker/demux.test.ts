import { PassThrough, Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { demux } from "./demux.ts";

function frame(kind: number, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

/** Cuts at the given places, as a connection does. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...at, bytes.length]
    .map((end, index) => bytes.subarray(at[index - 1] ?? 0, end))
    .filter(({ length }) => length > 0);
}

it("takes any frames apart, however the connection cuts them", async () => {
  const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 40 })), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(frames, fc.array(fc.nat(400)), async (parts, places) => {
      const whole = Buffer.concat(parts.map(([kind, bytes]) => frame(kind, bytes)));
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      const [, out, err] = await Promise.all([
        demux(Readable.from(cut(whole, places)), stdout, stderr),
        buffer(stdout),
        buffer(stderr),
      ]);
      const of = (wanted: number) =>
        Buffer.concat(parts.filter(([kind]) => kind === wanted).map(([, bytes]) => bytes));
      expect(out.equals(of(1))).toBe(true);
      expect(err.equals(of(2))).toBe(true);
    }),
  );
});

it("gives one reader its own when the other has left", async () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  stdout.destroy();
  const big = Buffer.alloc(200_000, "x");
  const source = Readable.from([frame(1, big), frame(1, big), frame(2, Buffer.from("still here"))]);
  const [, err] = await Promise.all([demux(source, stdout, stderr), text(stderr)]);
  expect(err).toBe("still here");
});

it("waits for a reader, and stops waiting when told to hurry", async () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const hurry = new AbortController();
  const source = Readable.from(Array.from({ length: 100 }, () => frame(1, Buffer.alloc(10_000))));
  const ended = demux(source, stdout, stderr, hurry.signal);
  await expect.poll(() => stdout.writableNeedDrain).toBe(true);
  expect(source.readableEnded).toBe(false);
  hurry.abort();
  await ended;
  expect(stdout.readableLength).toBeLessThan(200_000);
});
