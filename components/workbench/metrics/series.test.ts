import { expect, it } from "vitest";
import { seriesOf } from "./series.ts";
import type { Stats } from "#contract/cave.ts";

const reading = (seconds: number, rxBytes: number): Stats => ({
  ...{ at: new Date(seconds * 1000).toISOString(), cpuMs: 0, memoryBytes: 7, memoryLimitBytes: 8 },
  ...{ rxBytes, txBytes: 0, pids: 1 },
});

it("tells what counters grow by in a second, and nothing of one that began again", () => {
  expect(seriesOf([reading(0, 0), reading(2, 500), reading(4, 100)]).rx).toEqual([0, 250, 0]);
});

it("draws no line across a time of which nothing is known", () => {
  const { at, memory, rx } = seriesOf([
    reading(0, 0),
    reading(5, 50),
    reading(500, 9000),
    reading(505, 9050),
  ]);
  expect(at).toEqual([0, 5, 6, 500, 505]);
  expect(memory).toEqual([7, 7, null, 7, 7]);
  expect(rx).toEqual([0, 10, null, 0, 10]);
});

it("has nothing to draw before the first reading", () => expect(seriesOf([]).at).toEqual([]));
