import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { keepYoungGeneration, youngBytes } from "./young-generation.ts";

const MB = 2 ** 20;
const kept: object[] = [];

/** Some of it lives for a while, as what belongs to requests does. */
async function work(slices: number): Promise<void> {
  for (let slice = 0; slice < slices; slice++) {
    for (let i = 0; i < 100_000; i++) kept[i % 20_000] = { i, more: [i] };
    await pause(2);
  }
}

/** What V8 does by itself after some idle seconds. */
function shrink(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options: object) => void;
  collect({ type: "major", execution: "sync", flavor: "last-resort" });
}

it("lets it grow again after it was idle, but not for ever", async () => {
  using _kept = keepYoungGeneration(1);
  shrink();
  expect(youngBytes()).toBeLessThan(8 * MB);
  await work(200);
  expect(youngBytes()).toBeGreaterThanOrEqual(32 * MB);
  expect(youngBytes()).toBeLessThanOrEqual(64 * MB);
});
