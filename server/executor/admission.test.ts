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
