import { beforeEach, describe, expect, it, vi } from "vitest";
import { MemoryWorld } from "../backends/memory/world.ts";
import { getCave } from "./get.ts";
import { startCave } from "./start.ts";
import { lineEveryMs, tellStarting } from "./tell-starting.ts";
import { never, openTestGateway, type TestGateway } from "./testing/gateway.ts";
import type { Progress, Starting } from "#contract/cave.ts";

const started = "2030-01-01T00:00:00.000Z";

/** What followers are told of how far caves are. */
function follow({ context }: TestGateway) {
  const told: (Starting | undefined)[] = [];
  vi.spyOn(context.fleet.events, "publish").mockImplementation((_owner, event) => {
    if (event.type === "starting") told.push(event.starting);
  });
  return told;
}

describe("what is told of a cave on its way", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    return () => void vi.useRealTimers();
  });

  it("is each stage at once, and of what it says the last line, a few times a second", async () => {
    await using gateway = await openTestGateway();
    const told = follow(gateway);
    const waiting: (string | undefined)[] = [];
    const telling = tellStarting(gateway.context, { id: "x", ownerId: "ann" }, (_stage, _status, line) =>
      waiting.push(line),
    );
    telling.report("image", "started");
    for (let line = 0; line < 100; line++) telling.report("image", "progress", `layer ${line}`);
    expect(told).toEqual([{ stage: "image", since: started }]);
    vi.advanceTimersByTime(lineEveryMs);
    expect(told.slice(1)).toEqual([{ stage: "image", since: started, line: "layer 99" }]);
    vi.advanceTimersByTime(10 * lineEveryMs);
    expect(told).toHaveLength(2);

    gateway.advance(3_000);
    telling.report("image", "progress", "the last word");
    telling.report("image", "done");
    telling.report("create", "started");
    expect(told.slice(2)).toEqual([{ stage: "create", since: "2030-01-01T00:00:03.000Z" }]);
    telling[Symbol.dispose]();
    vi.advanceTimersByTime(10 * lineEveryMs);
    expect(told.slice(3)).toEqual([undefined]);
    // Whoever waits for it is told all.
    expect(waiting).toHaveLength(104);
  });

  it("is cut, and without what a terminal would obey", async () => {
    await using gateway = await openTestGateway();
    using telling = tellStarting(gateway.context, { id: "x", ownerId: "ann" }, () => undefined);
    telling.report("image", "progress", "\u001b[2J\u202Epull\ning\u0000");
    expect(gateway.context.fleet.live.starting("x")?.line).toBe("[2J pull ing");
    telling.report("image", "progress", "é".repeat(10_000));
    expect(gateway.context.fleet.live.starting("x")?.line).toHaveLength(300);
  });
});

describe("how far a cave is", () => {
  const registry = { "python:3.12": {} };

  it("is seen by everybody who may see it, while it is made and no longer", async () => {
    const pulled = Promise.withResolvers<undefined>();
    await using gateway = await openTestGateway({
      world: new MemoryWorld({ registry }),
      fault: (verb, _id, when) => (verb === "pull" && when === "after" ? pulled.promise : undefined),
    });
    const making = gateway.create({ name: "x", image: "python:3.12" });
    const get = () => getCave(gateway.ann, { cave: "x" });
    await vi.waitFor(async () =>
      expect((await get()).starting).toEqual({
        ...{ stage: "image", since: started, line: "Pulling python:3.12" },
      }),
    );
    pulled.resolve(undefined);
    expect(await making).not.toHaveProperty("starting");
    expect(await get()).not.toHaveProperty("starting");
  });

  it("is seen of one that is started again, too", async () => {
    await using gateway = await openTestGateway();
    const { id } = await gateway.create();
    await gateway.world.end(id, 1);
    await gateway.store.caves.update(id, { state: "failed" });
    gateway.guests.onReady = async () =>
      expect(await getCave(gateway.ann, { cave: id })).toMatchObject({
        ...{ state: "failed", starting: { stage: "ready" } },
      });
    expect(await startCave(gateway.ann, { cave: id }, never)).not.toHaveProperty("starting");
  });
});

describe("a cave that is to stay when it cannot be made", () => {
  it("says why, and can be started again", async () => {
    const world = new MemoryWorld({ images: {} });
    await using gateway = await openTestGateway({ world });
    const seen: Progress[] = [];
    const making = gateway.create(
      { name: "x", image: "python:3.12" },
      { onFailure: "keep", onProgress: (progress) => seen.push(progress) },
    );
    await expect(making).rejects.toMatchObject({ code: "image_not_found" });
    const failed = await getCave(gateway.ann, { cave: "x" });
    expect(failed).toMatchObject({ state: "failed", stateReason: "No registry has python:3.12." });
    expect(failed).not.toHaveProperty("starting");
    expect(new Set(seen.map(({ cave }) => cave))).toEqual(new Set([failed.id]));
    expect(world.caves.size + world.volumes.size).toBe(0);
    world.registry.set("python:3.12", {});
    expect(await startCave(gateway.ann, { cave: "x" }, never)).toMatchObject({ state: "running" });
  });
});
