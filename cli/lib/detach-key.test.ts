import { expect, it } from "vitest";
import { DetachKey } from "./detach-key.ts";

const read = (...chunks: string[]) => {
  const key = new DetachKey();
  return chunks
    .flatMap((chunk) => key.read(Buffer.from(chunk)))
    .map((one) => (one.kind === "type" ? String(one.data) : one.kind));
};

it("leaves everything else alone", () => expect(read("ls\r")).toEqual(["ls\r"]));
it("asks, and detaches", () => expect(read("ab\x1d", "d")).toEqual(["ab", "asked", "detach"]));
it("goes on with any other key", () => expect(read("\x1dx", "y")).toEqual(["asked", "go-on", "x", "y"]));
it("sends one when it comes twice", () =>
  expect(read("\x1d\x1d", "z")).toEqual(["asked", "go-on", "\x1d", "z"]));
