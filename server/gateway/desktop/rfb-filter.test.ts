import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RfbFilter } from "./rfb-filter.ts";
import { SocketError } from "./socket-error.ts";
import { acting, hello, looking, manyButtons, xvp } from "./testing/rfb-client.ts";
import type { DesktopMode } from "#contract/desktop.ts";

const greeted = Buffer.concat([hello.subarray(0, 13), Buffer.of(1)]);

/** What goes on to the server, of bytes that come in pieces of these sizes. */
function passed(mode: DesktopMode, bytes: Buffer, sizes: readonly number[] = [1 << 20]): Buffer {
  const filter = new RfbFilter(mode);
  const out: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    out.push(Buffer.from(filter.push(Buffer.from(bytes.subarray(at, at + size))).bytes));
    at += size;
  }
  return Buffer.concat(out);
}

function refusal(bytes: Buffer, mode: DesktopMode = "control"): [number, string] {
  try {
    passed(mode, bytes);
  } catch (error) {
    if (error instanceof SocketError) return [error.code, error.message];
    throw error;
  }
  throw new Error("It was let through.");
}

const messages = [
  ...Object.values(looking).map((bytes) => ({ bytes, acts: false })),
  ...Object.values(acting).map((bytes) => ({ bytes, acts: true })),
];
const conversation = fc.array(fc.constantFrom(...messages), { maxLength: 40 });
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });

describe("what an RFB client sends", () => {
  it("passes whole under control, however it is cut", () => {
    fc.assert(
      fc.property(conversation, sizes, (list, cuts) => {
        const sent = Buffer.concat([hello, ...list.map(({ bytes }) => bytes)]);
        const wanted = Buffer.concat([greeted, ...list.map(({ bytes }) => bytes)]);
        expect(passed("control", sent, cuts).equals(wanted)).toBe(true);
      }),
    );
  });

  it("loses exactly its input in a view, however it is cut", () => {
    fc.assert(
      fc.property(conversation, sizes, (list, cuts) => {
        const sent = Buffer.concat([hello, ...list.map(({ bytes }) => bytes)]);
        const wanted = Buffer.concat([
          greeted,
          ...list.filter(({ acts }) => !acts).map(({ bytes }) => bytes),
        ]);
        expect(passed("view", sent, cuts).equals(wanted)).toBe(true);
      }),
    );
  });

  it("is let through or refused, whatever it is, and never more than came in", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), sizes, fc.boolean(), (noise, cuts, begun) => {
        const bytes = Buffer.concat([begun ? hello : Buffer.alloc(0), noise]);
        try {
          expect(passed("view", bytes, cuts).length).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(SocketError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("counts as activity only where it acts", () => {
    const acts = (mode: DesktopMode, bytes: Buffer) => {
      const filter = new RfbFilter(mode);
      filter.push(Buffer.from(hello));
      return filter.push(Buffer.from(bytes)).acted;
    };
    for (const bytes of Object.values(acting))
      expect([acts("control", bytes), acts("view", bytes)]).toEqual([true, false]);
    for (const bytes of Object.values(looking)) expect(acts("control", bytes)).toBe(false);
  });

  it("never turns other viewers out, nor the machine off", () => {
    expect(passed("control", Buffer.concat([hello, xvp, acting.key]))).toEqual(
      Buffer.concat([greeted, acting.key]),
    );
  });

  it("is read as the server reads it where the mouse has many buttons", () => {
    const sent = [manyButtons.encodings, manyButtons.pointer, acting.key, manyButtons.pointer];
    expect(passed("control", Buffer.concat([hello, ...sent]))).toEqual(Buffer.concat([greeted, ...sent]));
    expect(passed("view", Buffer.concat([hello, ...sent]))).toEqual(
      Buffer.concat([greeted, manyButtons.encodings]),
    );
    const forgotten = [manyButtons.encodings, looking.encodings, acting.pointer, acting.key];
    expect(passed("control", Buffer.concat([hello, ...forgotten]))).toEqual(
      Buffer.concat([greeted, ...forgotten]),
    );
  });

  it("may be of the oldest version, which has no choice of security", () => {
    const old = Buffer.concat([Buffer.from("RFB 003.003\n"), Buffer.of(0), acting.key]);
    expect(passed("control", old)).toEqual(
      Buffer.concat([Buffer.from("RFB 003.003\n"), Buffer.of(1), acting.key]),
    );
  });

  const after = (...bytes: number[]) => Buffer.concat([hello, Buffer.from(bytes)]);
  it.each([
    ["another version", Buffer.from("RFB 004.000\n"), 1008, /version/],
    ["another protocol", Buffer.from("GET / HTTP/1.1\r\n"), 1008, /version/],
    ["a password", Buffer.concat([hello.subarray(0, 12), Buffer.of(2)]), 1008, /password/],
    ["an unknown message", after(1), 1008, /type 1 /],
    ["QEMU's audio", after(255, 1, 0, 0), 1008, /QEMU/],
    ["too many encodings", after(2, 0, 0xff, 0xff), 1008, /65535 encodings/],
    ["too long a fence", after(248, 0, 0, 0, 0, 0, 0, 0, 65), 1008, /65 bytes/],
    ["too many screens", after(251, 0, 4, 0, 3, 0, 255, 0), 1008, /255 screens/],
    ["a clipboard without end", after(6, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff), 1009, /too large/],
    ["one of a negative length", after(6, 0, 0, 0, 0x80, 0, 0, 0), 1009, /too large/],
  ])("is refused: %s", (_, bytes, code, reason) => {
    for (const mode of ["control", "view"] as const)
      expect(refusal(bytes, mode)).toEqual([code, expect.stringMatching(reason)]);
  });
});
