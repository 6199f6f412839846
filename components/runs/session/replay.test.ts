import { expect, it } from "vitest";
import { Replay } from "./replay.ts";

const out = (data: string) => ({ stream: "stdout", data, encoding: "utf8" }) as const;
const raw = (...bytes: number[]) =>
  ({ stream: "stdout", data: btoa(String.fromCharCode(...bytes)), encoding: "base64" }) as const;
const err = (data: string) => ({ stream: "stderr", data, encoding: "utf8" }) as const;

it("doubles nothing when it is told again from the start, however it is cut then", () => {
  const replay = new Replay();
  expect([replay.take(out("one\ntw")), replay.take(err("oh\n")), replay.take(out("o\n"))]).toEqual([
    ...["one\ntw", "oh\n", "o\n"],
  ]);
  replay.restart();
  expect([replay.take(out("one\n")), replay.take(out("two\nthree\n")), replay.take(err("oh\nno\n"))]).toEqual(
    ["", "three\n", "no\n"],
  );
  replay.restart();
  expect(replay.take(out("one\ntwo\nthree\nfour"))).toBe("four");
});

it("puts a character together that came in two pieces, also across a replay", () => {
  const replay = new Replay();
  expect(replay.take(raw(0x61, 0xc3))).toBe("a");
  replay.restart();
  expect(replay.take(raw(0x61, 0xc3, 0xa9, 0xff, 0x62))).toBe("é\ufffdb");
});
