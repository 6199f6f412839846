import { describe, expect, it } from "vitest";
import { parseDuration, parseMegabytes, showBytes, showElapsed, showSpan } from "./units.ts";

describe("durations", () => {
  it.each([
    ["90s", 90_000],
    ["30m", 1_800_000],
    ["1h30m", 5_400_000],
    ["7d", 604_800_000],
    ["250ms", 250],
    ["1.5h", 5_400_000],
    ["45", 45_000],
  ])("reads %s", (text, ms) => expect(parseDuration(text)).toBe(ms));
  it.each(["", "m", "5 m", "-1s", "1y", "1h30"])("refuses %j", (text) =>
    expect(() => parseDuration(text)).toThrow(),
  );
});

describe("sizes", () => {
  it.each([
    ["512m", 512],
    ["2g", 2048],
    ["1.5G", 1536],
    ["2gb", 2048],
    ["1GiB", 1024],
    ["2048k", 2],
  ])("reads %s", (text, megabytes) => expect(parseMegabytes(text)).toBe(megabytes));
  it.each(["", "512", "g", "-1g", "1k", "2x"])("refuses %j", (text) =>
    expect(() => parseMegabytes(text)).toThrow(),
  );
});

it("shows spans, times and sizes shortly", () => {
  expect([0, 59_000, 61_000, 7_300_000, 200_000_000].map(showSpan)).toEqual(["0s", "59s", "1m", "2h", "2d"]);
  expect([400, 12_000, 125_000].map(showElapsed)).toEqual(["0.4 s", "12 s", "2m 05s"]);
  expect([0, 1023, 1536, 2 ** 31].map(showBytes)).toEqual(["0 B", "1023 B", "1.5 KB", "2 GB"]);
});
