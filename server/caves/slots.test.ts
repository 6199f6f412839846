import { describe, expect, it } from "vitest";
import { Slots } from "./slots.ts";

const never = new AbortController().signal;

describe("Slots", () => {
  it("lets so many in at a time, in order", async () => {
    const slots = new Slots(2);
    const first = await slots.take(never);
    await slots.take(never);
    const order: number[] = [];
    const third = slots.take(never).then((slot) => (order.push(3), slot));
    const fourth = slots.take(never).then((slot) => (order.push(4), slot));
    first[Symbol.dispose]();
    (await third)[Symbol.dispose]();
    await fourth;
    expect(order).toEqual([3, 4]);
  });

  it("gives the turn of who gave up to the next one", async () => {
    const slots = new Slots(1);
    const held = await slots.take(never);
    const patience = new AbortController();
    const gaveUp = slots.take(patience.signal);
    const next = slots.take(never);
    patience.abort(new Error("enough"));
    await expect(gaveUp).rejects.toThrow("enough");
    held[Symbol.dispose]();
    (await next)[Symbol.dispose]();
    (await slots.take(never))[Symbol.dispose]();
  });
});
