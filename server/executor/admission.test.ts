import { describe, expect, it } from "vitest";
import { Admission } from "./admission.ts";

const never = new AbortController().signal;

describe("admission", () => {
  it("lets users take turns, however many runs one of them has", async () => {
    const admission = new Admission(1, 10);
    const first = await admission.enter("ann", never);
    const order: string[] = [];
    const enter = async (user: string) => {
      using _place = await admission.enter(user, never);
      order.push(user);
    };
    const all = [enter("ann"), enter("ann"), enter("ann"), enter("bob"), enter("cid")];
    expect(admission.waiting).toBe(5);
    first[Symbol.dispose]();
    first[Symbol.dispose](); // twice is once
    await Promise.all(all);
    expect(order).toEqual(["ann", "bob", "cid", "ann", "ann"]);
    expect([admission.running, admission.waiting]).toEqual([0, 0]);
  });

  it("tells who waits how many turns away they are", async () => {
    const admission = new Admission(1, 10);
    const first = await admission.enter("ann", never);
    const places: Record<string, number[]> = { ann1: [], ann2: [], bob: [] };
    const gone = new AbortController();
    const enter = (name: string, user: string, signal = never) =>
      admission.enter(user, signal, (place) => places[name]?.push(place));
    const next = enter("ann1", "ann");
    const last = enter("ann2", "ann", gone.signal);
    const other = enter("bob", "bob");
    expect(places).toEqual({ ann1: [1, 1, 1], ann2: [2, 3], bob: [2] });
    first[Symbol.dispose]();
    (await next)[Symbol.dispose]();
    using _bob = await other;
    expect([places["ann2"], places["bob"]]).toEqual([
      [2, 3, 2, 1],
      [2, 1],
    ]);
    gone.abort(new Error("gone"));
    await expect(last).rejects.toThrow("gone");
  });

  it("refuses what does not fit, and says when to come back", async () => {
    const admission = new Admission(1, 1);
    using _running = await admission.enter("ann", never);
    admission.check();
    expect(() => admission.check(2)).toThrow(expect.objectContaining({ code: "executor_busy" }));
    const gone = new AbortController();
    const waiting = admission.enter("bob", gone.signal);
    expect(() => admission.check()).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ position: 2, queued: 1 }) as unknown }),
    );
    gone.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    admission.check();
  });
});
