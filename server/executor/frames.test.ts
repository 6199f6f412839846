import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameReader, requestFrames } from "./frames.ts";
import { languageOf, languages } from "./languages.ts";
import { Output } from "./output.ts";
import { RunInput } from "#contract/run.ts";

const frameOf = (type: number, payload: Buffer) => {
  const header = Buffer.alloc(13);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(payload.length, 1);
  header.writeBigUInt64BE(7n, 5);
  return Buffer.concat([header, payload]);
};

describe("frames", () => {
  it("are the same however the bytes were cut", () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(payloads, fc.array(fc.nat(30), { minLength: 1, maxLength: 20 }), (given, cuts) => {
        const bytes = Buffer.concat(given.map((one) => frameOf(79, Buffer.from(one))));
        const seen: string[] = [];
        const reader = new FrameReader((_, __, payload) => seen.push(payload.toString("hex")));
        for (let at = 0, n = 0; at < bytes.length; n++) {
          const next = at + 1 + (cuts[n % cuts.length] ?? 0);
          reader.push(bytes.subarray(at, next));
          at = next;
        }
        expect(seen).toEqual(given.map((one) => Buffer.from(one).toString("hex")));
      }),
    );
  });

  it("are refused when they are too large to be ours", () => {
    const reader = new FrameReader(() => undefined);
    const huge = Buffer.alloc(13, 0xff);
    expect(() => reader.push(huge)).toThrow("too large");
  });

  it("hand the words over, or start the interpreter again", () => {
    const input = RunInput.parse({ language: "python", code: "x", args: ["a", "ü"] });
    const python = languageOf("py");
    expect(requestFrames(python, input, true).includes(Buffer.from("a\0ü\0"))).toBe(true);
    expect(requestFrames(python, input, false).includes(Buffer.from("a\0ü\0"))).toBe(false);
  });
});

describe("languages", () => {
  it("have names and aliases of their own", () => {
    const names = languages.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(languageOf(name.toUpperCase())).toBe(languageOf(name));
  });
});

describe("output", () => {
  it("is kept in order and whole, also beyond the pieces that are told apart", () => {
    const output = new Output();
    const next = output.reader();
    let followed = "";
    for (let n = 0; n < 30_000; n++) {
      output.add(n % 2 === 0 ? "stdout" : "stderr", n * 10_000, Buffer.from(String(n % 10)));
      for (let event = next(); event; event = next()) if (event.stream === "stdout") followed += event.data;
    }
    const expected = Array.from({ length: 15_000 }, (_, n) => String((2 * n) % 10)).join("");
    expect(output.of("stdout").toString()).toBe(expected);
    expect(followed).toBe(expected);
    expect(output.events().length).toBeLessThan(10_010);
    expect(Output.unpack(output.pack()).of("stderr").equals(output.of("stderr"))).toBe(true);
  });
});
