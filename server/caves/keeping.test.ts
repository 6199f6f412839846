import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMemoryBackend } from "../backends/memory/memory-backend.ts";
import { fleetEvents } from "./events.ts";
import { getCave } from "./get.ts";
import { startKeeping, type Keeping } from "./keeping.ts";
import { removeCave } from "./remove.ts";
import { followStats } from "./stats.ts";
import { stopCave } from "./stop.ts";
import { never, openTestGateway, type TestGateway } from "./testing/gateway.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** Lets time pass for loops and clock alike. */
async function pass(gateway: { advance(ms: number): void }, ms: number): Promise<void> {
  gateway.advance(ms);
  await vi.advanceTimersByTimeAsync(ms);
}

/** Looks after the gateway's caves; what they were at its start has been compared. */
async function keep({ context }: TestGateway): Promise<Keeping> {
  const keeping = startKeeping(context);
  await keeping.compared;
  return keeping;
}

async function eventually(check: () => Promise<void> | void): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await check();
      return;
    } catch (error) {
      if (attempt === 50) throw error;
      await vi.advanceTimersByTimeAsync(20);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

describe("startKeeping", () => {
  it("notes what happens at the engine, and why", async () => {
    await using gateway = await openTestGateway();
    await using _keeping = await keep(gateway);
    const { ann, world } = gateway;
    const { id: cave } = await gateway.create();
    await world.end(cave, 137, true);
    await eventually(async () =>
      expect(await getCave(ann, { cave })).toMatchObject({
        state: "failed",
        stateReason: expect.stringContaining("memory") as string,
      }),
    );
    await gateway.backend.start(cave, never);
    await eventually(async () => {
      const now = await getCave(ann, { cave });
      expect(now.state).toBe("running");
      expect(now.stateReason).toBeUndefined();
    });
  });

  it("tells the truth soon after the engine comes back", async () => {
    await using gateway = await openTestGateway();
    await using _keeping = await keep(gateway);
    const { ann, world } = gateway;
    const { id: dies } = await gateway.create();
    const { id: lives } = await gateway.create();
    world.reachable = false;
    await world.end(dies, 255);
    await pass(gateway, 60_000);
    expect(await getCave(ann, { cave: dies })).toMatchObject({ state: "running" });
    world.reachable = true;
    await pass(gateway, 5_000);
    await eventually(async () =>
      expect(await getCave(ann, { cave: dies })).toMatchObject({
        state: "stopped",
        stateReason: "The engine was restarted.",
      }),
    );
    expect(await getCave(ann, { cave: lives })).toMatchObject({ state: "running" });
    expect(world.caves.size).toBe(2);
  });

  it("finishes what could not be done while the engine was away", async () => {
    await using gateway = await openTestGateway();
    await using _keeping = await keep(gateway);
    const { ann, world } = gateway;
    const { id: removed } = await gateway.create();
    const { id: stopped } = await gateway.create();
    world.reachable = false;
    await expect(removeCave(ann, { cave: removed, keepWorkspace: false }, never)).rejects.toThrow();
    await expect(stopCave(ann, { cave: stopped }, never)).rejects.toThrow();
    world.reachable = true;
    await pass(gateway, 5_000);
    await eventually(() => expect([...world.caves.values()].map(({ state }) => state)).toEqual(["stopped"]));
    await eventually(async () =>
      expect(await getCave(ann, { cave: stopped })).toMatchObject({ state: "stopped" }),
    );
  });

  it("removes what is ours and of no cave, and touches nothing else", async () => {
    await using gateway = await openTestGateway();
    const { world, backend } = gateway;
    const image = await backend.image("ghost/cave", never);
    if (image === undefined) throw new Error("no image");
    const rest = { name: "x", image, env: {}, network: { mode: "open" as const } };
    const limits = { cpus: 1, memoryMb: 64, pids: 16, diskMb: 64 };
    await using stranger = createMemoryBackend({ world, instance: "another" });
    await backend.create({ id: "cave-orphan", limits, ...rest }, never);
    await stranger.create({ id: "cave-theirs", limits, ...rest }, never);
    world.volumes.set("cave-volume", "memory");
    await gateway.create({ name: "kept" });
    await removeCave(gateway.ann, { cave: "kept", keepWorkspace: true }, never);
    expect(world.volumes.size).toBe(4);

    await using _keeping = await keep(gateway);
    await gateway.context.fleet.tasks.idle();
    expect([...world.caves.keys()]).toEqual(["cave-theirs"]);
    expect(world.volumes.size).toBe(2);
    await gateway.create({ name: "kept" });
  });

  it("does not take the end of a removal for something to repair", async () => {
    const verbs: string[] = [];
    await using gateway = await openTestGateway({
      fault: (verb, _id, when) => {
        if (when === "before") verbs.push(verb);
      },
    });
    await using _keeping = await keep(gateway);
    const { id: cave } = await gateway.create();
    verbs.length = 0;
    await removeCave(gateway.ann, { cave, keepWorkspace: false }, never);
    await gateway.context.fleet.tasks.idle();
    expect(verbs).toEqual(["remove"]);
  });

  it("stops a cave that nobody uses, and not one that is used", async () => {
    await using gateway = await openTestGateway();
    await using _keeping = await keep(gateway);
    const { ann, guests } = gateway;
    const { id: idle } = await gateway.create({ idleTimeoutMs: 60_000 });
    const { id: used } = await gateway.create({ idleTimeoutMs: 60_000 });
    await eventually(() => expect(guests.watches.size).toBe(2));
    await pass(gateway, 50_000);
    guests.tell(used, { kind: "activity", activity: { at: "1970-01-01T00:00:00.000Z", what: "terminal" } });
    await eventually(async () =>
      expect((await getCave(ann, { cave: used })).lastActivity).toEqual({
        at: "2030-01-01T00:00:50.000Z",
        what: "terminal",
      }),
    );
    await pass(gateway, 20_000);
    await eventually(async () =>
      expect(await getCave(ann, { cave: idle })).toMatchObject({
        state: "stopped",
        stateReason: expect.stringContaining("idle") as string,
      }),
    );
    expect(await getCave(ann, { cave: used })).toMatchObject({ state: "running" });
  });

  it("remembers over a restart when a cave was used", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ghost-keeping-"));
    const path = join(folder, "ghost.db");
    let id: string;
    {
      await using gateway = await openTestGateway({ path });
      await using _keeping = await keep(gateway);
      ({ id } = await gateway.create());
      gateway.advance(10_000);
      const record = await gateway.store.caves.find(id);
      if (record) gateway.context.fleet.touch(record, "exec");
    }
    await using gateway = await openTestGateway({ path });
    expect(await gateway.store.caves.find(id)).toMatchObject({
      activityAt: new Date("2030-01-01T00:00:10Z"),
      activityWhat: "exec",
    });
    await rm(folder, { recursive: true });
  });

  it("removes a cave whose time is over", async () => {
    await using gateway = await openTestGateway();
    await using _keeping = await keep(gateway);
    await gateway.create({ ttlMs: 10_000 });
    await pass(gateway, 5_000);
    expect(gateway.world.caves.size).toBe(1);
    await pass(gateway, 5_000);
    await eventually(() => expect(gateway.world.caves.size).toBe(0));
  });

  it("stops a cave that takes more disk than it may, with time to tidy up after a start", async () => {
    await using gateway = await openTestGateway();
    await using _keeping = await keep(gateway);
    const { id: cave } = await gateway.create({ limits: { diskMb: 100 } });
    gateway.guests.disk.set(cave, 101 * 2 ** 20);
    await pass(gateway, 240_000);
    expect(await getCave(gateway.ann, { cave })).toMatchObject({ state: "running" });
    await pass(gateway, 60_000);
    await pass(gateway, 60_000);
    await eventually(async () =>
      expect(await getCave(gateway.ann, { cave })).toMatchObject({
        state: "stopped",
        stateReason: expect.stringContaining("101 MB") as string,
      }),
    );
  });

  it("shows ports and services while a cave runs, and opens its watch again", async () => {
    await using gateway = await openTestGateway();
    await using _keeping = await keep(gateway);
    const { ann, guests } = gateway;
    const { id: cave } = await gateway.create();
    await eventually(() => expect(guests.watches.size).toBe(1));
    const first = guests.watches.get(cave);
    first?.destroy(new Error("the connection broke"));
    await eventually(() => expect(guests.watches.get(cave)).not.toBe(first));
    const ports = [{ port: 3000, address: "127.0.0.1" }];
    guests.tell(cave, { kind: "ports", ports });
    await eventually(async () => expect((await getCave(ann, { cave })).ports).toEqual(ports));
    expect(await stopCave(ann, { cave }, never)).toMatchObject({ ports: [] });
  });

  it("forgets what a cave that talks without end had still to say when it stopped", async () => {
    await using gateway = await openTestGateway();
    await using keeping = await keep(gateway);
    const { ann, guests } = gateway;
    const { id: cave } = await gateway.create();
    await eventually(() => expect(guests.watches.size).toBe(1));
    const told = (port: number) => [{ port, address: "127.0.0.1" }];
    for (let port = 1; port <= 1_000; port++) guests.tell(cave, { kind: "ports", ports: told(port) });
    await eventually(async () => expect((await getCave(ann, { cave })).ports).toHaveLength(1));
    await stopCave(ann, { cave }, never);
    await keeping[Symbol.asyncDispose]();
    expect(gateway.context.fleet.live.of(cave)?.ports ?? []).toEqual([]);
  });

  it("reads figures only while somebody looks", async () => {
    const verbs: string[] = [];
    await using gateway = await openTestGateway({
      fault: (verb, _id, when) => {
        if (when === "before" && verb === "stats") verbs.push(verb);
      },
    });
    await using _keeping = await keep(gateway);
    const { id: cave } = await gateway.create({ limits: { cpus: 1 } });
    await pass(gateway, 20_000);
    expect(verbs).toEqual([]);
    const leaving = new AbortController();
    const stats = followStats(gateway.ann, { cave }, leaving.signal);
    expect((await stats.next()).value).toMatchObject({ pids: 1, diskLimitBytes: 10_240 * 2 ** 20 });
    for (let reading = 0; reading < 2; reading++) {
      const next = stats.next();
      await pass(gateway, 5_000);
      expect((await next).done).toBe(false);
    }
    const last = stats.next();
    await stopCave(gateway.ann, { cave }, never);
    expect((await last).done).toBe(true);
    const read = verbs.length;
    await pass(gateway, 20_000);
    expect(verbs).toHaveLength(read);
  });
});

describe("fleetEvents", () => {
  it("tells of windows, but not those who may not see what a desktop shows", async () => {
    await using gateway = await openTestGateway();
    await using _keeping = await keep(gateway);
    const { ann, guests } = gateway;
    const { id: cave } = await gateway.create();
    await eventually(() => expect(guests.watches.size).toBe(1));
    const leaving = new AbortController();
    const reader = { ...ann, actor: { ...ann.actor, scopes: new Set(["caves:read"] as const) } };
    const seen = [ann, reader].map((call) => {
      const kinds: string[] = [];
      void (async () => {
        for await (const { event } of fleetEvents(call, {}, leaving.signal)) kinds.push(event.type);
      })();
      return kinds;
    });
    await eventually(() => expect(seen.flat()).toEqual(["cave", "cave"]));
    const window = { id: 7, title: "mail", class: "Mail", since: new Date(0).toISOString() };
    guests.tell(cave, { kind: "windows", opened: [window] });
    guests.tell(cave, { kind: "ports", ports: [] });
    await eventually(() =>
      expect(seen).toEqual([
        ["cave", "windows", "ports"],
        ["cave", "ports"],
      ]),
    );
    leaving.abort();
  });

  it("starts with every cave of its reader, goes on with what changes, and resumes", async () => {
    await using gateway = await openTestGateway();
    await gateway.create({ name: "a" });
    await gateway.create({ name: "b" }, {}, gateway.callAs("bob"));
    const leaving = new AbortController();
    const events = fleetEvents(gateway.ann, {}, leaving.signal);
    const first = await events.next();
    expect(first.value).toMatchObject({ event: { type: "cave", cave: { name: "a", state: "running" } } });
    const next = events.next();
    await gateway.create({ name: "c" }, {}, gateway.callAs("bob"));
    await stopCave(gateway.ann, { cave: "a" }, never);
    const seen = await next;
    expect(seen.value).toMatchObject({ event: { type: "cave", cave: { name: "a" } } });
    leaving.abort();

    const again = fleetEvents(gateway.ann, { lastEventId: first.value?.id }, never);
    expect((await again.next()).value).toEqual(seen.value);
    await again.return();

    const stranger = fleetEvents(gateway.ann, { lastEventId: "elsewhere-7" }, never);
    expect((await stranger.next()).value).toMatchObject({ event: { type: "reset" } });
    expect((await stranger.next()).value).toMatchObject({ event: { type: "cave", cave: { name: "a" } } });
    await stranger.return();
  });
});
