import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameReader } from "./frame-reader.ts";
import { closeFrame, frameHead, opcode } from "./frames.ts";
import { SocketError } from "./socket-error.ts";

/** A frame as a client sends it: masked. */
function frame(kind: number, payload: Buffer, fin = true): Buffer {
  const head = Buffer.from(frameHead(kind, payload.length));
  head[0] = (fin ? 0x80 : 0) | kind;
  head[1] = 0x80 | (head[1] ?? 0);
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);
  return Buffer.concat([head, mask, payload.map((byte, i) => byte ^ (mask[i & 3] ?? 0))]);
}

interface Seen {
  data: Buffer;
  pings: string[];
  closed?: number;
}

function read(bytes: Buffer, sizes: readonly number[] = [1 << 30]): Seen {
  const seen: Seen = { data: Buffer.alloc(0), pings: [] };
  const parts: Buffer[] = [];
  const reader = new FrameReader({
    data: (part) => parts.push(Buffer.from(part)),
    ping: (payload) => seen.pings.push(payload.toString()),
    close: (code) => (seen.closed = code),
  });
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    reader.push(Buffer.from(bytes.subarray(at, at + size)));
    at += size;
  }
  seen.data = Buffer.concat(parts);
  return seen;
}

const sizes = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1 });

describe("a client's frames", () => {
  it("give their bytes, however they and the messages are cut", () => {
    const message = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 10 }), sizes, (list, cuts) => {
        const sent = list.flatMap((parts) =>
          parts.flatMap((part, i) => [
            frame(opcode.ping, Buffer.from(`p${i}`)), // control frames may come between a message's parts
            frame(i === 0 ? opcode.binary : opcode.continuation, Buffer.from(part), i === parts.length - 1),
          ]),
        );
        const { data, pings } = read(Buffer.concat(sent), cuts);
        expect(data.equals(Buffer.concat(list.flat()))).toBe(true);
        expect(pings).toEqual(list.flatMap((parts) => parts.map((_, i) => `p${i}`)));
      }),
    );
  });

  it.each([0, 125, 126, 65_535, 65_536, 1_000_000])("of %i bytes are read byte by byte too", (length) => {
    const payload = Buffer.alloc(length, "ghost ");
    expect(read(frame(opcode.binary, payload), [1, 7, 4096]).data.equals(payload)).toBe(true);
  });

  it("say goodbye with a code or without", () => {
    expect(read(frame(opcode.close, Buffer.from([3, 0xe9]))).closed).toBe(1001);
    expect(read(frame(opcode.close, Buffer.alloc(0))).closed).toBe(1000);
  });

  const masked = (first: number, ...lengths: number[]) =>
    Buffer.concat([Buffer.from([first, ...lengths]), Buffer.alloc(4)]);
  const long = (length: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(length);
    return [...bytes];
  };
  it.each([
    ["without a mask", Buffer.from([0x82, 1, 0]), 1002],
    ["with an extension's bit", masked(0xc2, 0x80), 1002],
    ["of text", masked(0x81, 0x80), 1003],
    ["of an unknown kind", masked(0x83, 0x80), 1002],
    ["that continue nothing", masked(0x80, 0x80), 1002],
    [
      "that begin in the middle",
      Buffer.concat([frame(2, Buffer.of(1), false), frame(2, Buffer.of(1))]),
      1002,
    ],
    ["of control in parts", masked(0x09, 0x80), 1002],
    ["of control that are long", masked(0x89, 0xfe, 0, 200), 1002],
    ["of a length longer than need be", masked(0x82, 0xfe, 0, 5), 1002],
    ["of a length much longer than need be", masked(0x82, 0xff, ...long(5n)), 1002],
    ["that are too large", masked(0x82, 0xff, ...long(2n ** 24n + 1n)), 1009],
    ["that never end", masked(0x82, 0xff, ...long(2n ** 64n - 1n)), 1009],
    ["with half a close code", frame(opcode.close, Buffer.of(3)), 1002],
  ])("are refused: those %s", (_, bytes, code) => {
    for (const cuts of [[1], [3], [1 << 20]])
      expect(() => read(bytes, cuts)).toThrow(expect.objectContaining({ code }) as Error);
  });

  it("may be any bytes at all", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), sizes, (noise, cuts) => {
        try {
          read(Buffer.from(noise), cuts);
        } catch (error) {
          expect(error).toBeInstanceOf(SocketError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("our frames", () => {
  it.each([0, 125, 126, 65_535, 65_536])("say their length: %i", (length) => {
    const head = frameHead(opcode.binary, length);
    expect(head[0]).toBe(0x82);
    const size =
      head.length === 2
        ? head[1]
        : head.length === 4
          ? head.readUInt16BE(2)
          : Number(head.readBigUInt64BE(2));
    expect(size).toBe(length);
  });

  it("give a reason that fits, whatever it is written in", () => {
    const reason = closeFrame(4001, "é".repeat(200)).subarray(4).toString();
    expect(reason).toBe("é".repeat(61));
  });
});
