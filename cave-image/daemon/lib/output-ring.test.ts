import { expect, it } from "vitest";
import { OutputRing } from "./output-ring.ts";

it("gives back what was put in, by offset, and forgets the oldest", () => {
  const ring = new OutputRing(200_000);
  const all = Buffer.from(Array.from({ length: 700_000 }, (_, i) => (i * 7) & 0xff));
  for (let at = 0, size = 1; at < all.length; at += size, size = (size * 31) % 40_000 || 1) {
    ring.append(all.subarray(at, at + size));
    expect(ring.end).toBe(Math.min(all.length, at + size));
    const parts: Buffer[] = [];
    for (let from = ring.start; from < ring.end;) {
      const part = ring.read(from, 50_000);
      parts.push(part);
      from += part.length;
    }
    expect(Buffer.concat(parts).equals(all.subarray(ring.start, ring.end))).toBe(true);
  }
  expect(ring.end - ring.start).toBeGreaterThanOrEqual(200_000);
  expect(ring.end - ring.start).toBeLessThanOrEqual(200_000 + 65_536);
  expect([
    ring.read(0, 10).length,
    ring.read(ring.end, 10).length,
    ring.read(ring.end + 5, 10).length,
  ]).toEqual([0, 0, 0]);
});
