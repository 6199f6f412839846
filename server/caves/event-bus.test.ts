import { describe, expect, it } from "vitest";
import { EventBus, type Entry } from "./event-bus.ts";
import type { FleetEvent } from "#contract/system.ts";

const removed = (n: number): FleetEvent => ({ type: "removed", caveId: `cave-${n}` });
const never = new AbortController().signal;

async function take(entries: AsyncIterable<Entry>, count: number): Promise<Entry[]> {
  const taken: Entry[] = [];
  for await (const entry of entries) {
    taken.push(entry);
    if (taken.length === count) break;
  }
  return taken;
}

describe("EventBus", () => {
  it("gives readers what concerns them, in order", async () => {
    const bus = new EventBus("e");
    using mine = bus.subscribe({ owner: "a" });
    using one = bus.subscribe({ cave: "cave-2" });
    using all = bus.subscribe("all");
    bus.publish("a", removed(1));
    bus.publish("b", removed(2));
    bus.publish(undefined, { type: "reset" });
    const types = async (entries: AsyncIterable<Entry>, count: number) =>
      (await take(entries, count)).map(({ event }) => ("caveId" in event ? event.caveId : event.type));
    expect(await types(mine.entries(never), 2)).toEqual(["cave-1", "reset"]);
    expect(await types(one.entries(never), 2)).toEqual(["cave-2", "reset"]);
    expect(await types(all.entries(never), 3)).toEqual(["cave-1", "cave-2", "reset"]);
  });

  it("goes on after an id it knows, and says so where it cannot", async () => {
    const bus = new EventBus("e");
    for (let n = 1; n <= 3; n++) bus.publish("a", removed(n));
    using resumed = bus.subscribe("all", { after: "e-1" });
    expect(resumed.resumed).toBe(true);
    expect((await take(resumed.entries(never), 2)).map(({ id }) => id)).toEqual(["e-2", "e-3"]);
    for (const after of ["other-1", "e-4", "e-x", "", "e-1-2"]) {
      using unknown = bus.subscribe("all", { after });
      expect(unknown.resumed).toBe(false);
    }
    for (let n = 0; n < 2_000; n++) bus.publish("a", removed(n));
    using gone = bus.subscribe("all", { after: "e-1" });
    expect(gone.resumed).toBe(false);
  });

  it("tells a reader that fell behind to list again, and goes on from there", async () => {
    const bus = new EventBus("e");
    using slow = bus.subscribe("all");
    for (let n = 1; n <= 1_001; n++) bus.publish("a", removed(n));
    bus.publish("a", removed(7));
    const [first, second] = await take(slow.entries(never), 2);
    expect(first?.event.type).toBe("reset");
    expect(second?.event).toEqual(removed(7));
  });

  it("knows who wants figures, and gives them to nobody else", async () => {
    const bus = new EventBus("e");
    using plain = bus.subscribe("all");
    {
      using _figures = bus.subscribe({ owner: "a" }, { figures: true });
      expect(bus.interests()).toEqual([{ owner: "a" }]);
    }
    expect(bus.interests()).toEqual([]);
    const stats = { at: "", cpuMs: 0, memoryBytes: 0, memoryLimitBytes: 0, rxBytes: 0, txBytes: 0, pids: 0 };
    bus.publish("a", { type: "stats", caveId: "cave-1", stats });
    bus.publish("a", removed(1));
    expect((await take(plain.entries(never), 1))[0]?.event).toEqual(removed(1));
  });

  it("ends with the signal", async () => {
    const bus = new EventBus("e");
    using subscription = bus.subscribe("all");
    const leaving = new AbortController();
    const taken = take(subscription.entries(leaving.signal), 1);
    leaving.abort();
    expect(await taken).toEqual([]);
  });
});
