import { afterEach, expect, it, vi } from "vitest";
import { Pace } from "./pace.ts";

afterEach(() => {
  vi.useRealTimers();
});

it("lets a burst pass at once, and spreads what is more over the seconds that follow", async () => {
  vi.useFakeTimers();
  const pace = new Pace(3);
  let passed = 0;
  const passing = (async () => {
    for (; passed < 10; passed++) await pace.next(new AbortController().signal);
  })();
  const afterEachSecond: number[] = [];
  for (let second = 0; second < 4; second++) {
    await vi.advanceTimersByTimeAsync(0);
    afterEachSecond.push(passed);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  await passing;
  expect(afterEachSecond).toEqual([3, 6, 9, 10]);
});

it("holds nobody up who is leaving", async () => {
  const pace = new Pace(1);
  const leaving = AbortSignal.abort();
  for (let count = 0; count < 100; count++) await pace.next(leaving);
});
