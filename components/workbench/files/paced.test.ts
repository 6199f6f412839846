import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { paced } from "./paced.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("lets one that is asked for all the time come to its end", async () => {
  let begun = 0;
  let done = 0;
  const { ask, stop } = paced(async () => {
    begun++;
    await new Promise((resolve) => setTimeout(resolve, 300));
    done++;
  }, 200);
  for (let at = 0; at < 20; at++) {
    ask("/workspace");
    await vi.advanceTimersByTimeAsync(100);
  }
  await vi.advanceTimersByTimeAsync(1000);
  expect(done).toBe(begun);
  expect(done).toBeGreaterThan(2);
  expect(done).toBeLessThan(7);
  stop();
});

it("runs different ones side by side, and none after the end", async () => {
  const ran: string[] = [];
  const { ask, stop } = paced((key) => {
    ran.push(key);
    return Promise.reject(new Error("away"));
  }, 50);
  ask("a");
  ask("b");
  ask("a");
  await vi.advanceTimersByTimeAsync(10);
  expect(ran).toEqual(["a", "b"]);
  stop();
  ask("c");
  await vi.advanceTimersByTimeAsync(500);
  expect(ran).toEqual(["a", "b"]);
});
