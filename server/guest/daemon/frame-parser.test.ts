import { describe, expect, it } from "vitest";
import { FrameParser } from "./frame-parser.ts";

function frame(channel: number, text: string): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(channel);
  head.writeUInt32BE(Buffer.byteLength(text), 1);
  return Buffer.concat([head, Buffer.from(text)]);
}

const stream = Buffer.concat([
  frame(1, "hello"),
  frame(2, ""),
  frame(2, "oh"),
  frame(1, " world"),
  frame(3, "{}"),
]);

describe("FrameParser", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 11, 1000])("reads the same frames from chunks of %i bytes", (size) => {
    const parser = new FrameParser();
    const seen = new Map<number, string>();
    const ends: number[] = [];
    for (let at = 0; at < stream.length; at += size) {
      for (const { channel, data, complete } of parser.push(stream.subarray(at, at + size))) {
        seen.set(channel, (seen.get(channel) ?? "") + data.toString());
        if (complete) ends.push(channel);
      }
    }
    expect(Object.fromEntries(seen)).toEqual({ 1: "hello world", 2: "oh", 3: "{}" });
    expect(ends).toEqual([1, 2, 1, 3]);
  });
});
