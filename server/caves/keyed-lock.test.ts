import { describe, expect, it } from "vitest";
import { KeyedLock, until } from "./keyed-lock.ts";

const never = new AbortController().signal;

describe("KeyedLock", () => {
  it("lets one in at a time, in order, and other keys beside it", async () => {
    const locks = new KeyedLock();
    const seen: string[] = [];
    const first = await locks.hold("a", never);
    const later = ["one", "two"].map(async (name) => {
      using _lock = await locks.hold("a", never);
      seen.push(name);
      await Promise.resolve();
      seen.push(`${name} done`);
    });
    using _other = await locks.hold("b", never);
    expect(seen).toEqual([]);
    first[Symbol.dispose]();
    await Promise.all(later);
    expect(seen).toEqual(["one", "one done", "two", "two done"]);
  });

  it("lets the next one in when a waiter gives up", async () => {
    const locks = new KeyedLock();
    const first = await locks.hold("a", never);
    const impatient = new AbortController();
    const second = locks.hold("a", impatient.signal);
    const third = locks.hold("a", never);
    impatient.abort(new Error("enough"));
    await expect(second).rejects.toThrow("enough");
    first[Symbol.dispose]();
    (await third)[Symbol.dispose]();
    await expect.poll(() => locks.isHeld("a")).toBe(false);
  });

  it("says at once whether it is free", () => {
    const locks = new KeyedLock();
    const lock = locks.tryHold("a");
    expect(lock).toBeDefined();
    expect(locks.tryHold("a")).toBeUndefined();
  });
});

describe("until", () => {
  it("ends with the promise or with the signal", async () => {
    await expect(until(Promise.resolve(1), never)).resolves.toBe(1);
    await expect(until(new Promise(() => undefined), AbortSignal.abort(new Error("gone")))).rejects.toThrow(
      "gone",
    );
  });
});
