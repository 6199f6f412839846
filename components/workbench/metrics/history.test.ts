import { expect, it } from "vitest";
import { historyOf, withReading } from "./history.ts";
import type { Stats } from "#contract/cave.ts";

const reading = (seconds: number): Stats => ({
  ...{ at: new Date(seconds * 1000).toISOString(), cpuMs: 0, memoryBytes: 0, memoryLimitBytes: 1 },
  ...{ rxBytes: 0, txBytes: 0, pids: 1 },
});
const kept = (seconds: readonly number[]) =>
  seconds.reduce<readonly Stats[]>((before, at) => withReading(before, reading(at)), []);

it("keeps an hour, and a bounded number however fast they come", () => {
  expect(kept([0, 1800, 3599, 3601]).map(({ at }) => Date.parse(at) / 1000)).toEqual([1800, 3599, 3601]);
  expect(kept([0, 90_000])).toHaveLength(1);
  expect(kept(Array.from({ length: 3000 }, (_, at) => at / 10))).toHaveLength(1800);
});

it("keeps the past of the few caves that were looked at last", () => {
  const first = historyOf("a");
  for (const id of ["b", "c", "d"]) historyOf(id);
  expect(historyOf("a")).toBe(first);
  const second = historyOf("b");
  for (const id of ["e", "f", "g", "h"]) historyOf(id);
  expect(historyOf("b")).not.toBe(second);
});
