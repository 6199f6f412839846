import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MemoryWorld } from "../backends/memory/world.ts";
import { startKeeping } from "./keeping.ts";
import { pauseCave, resumeCave } from "./pause.ts";
import { removeCave } from "./remove.ts";
import { restartCave } from "./restart.ts";
import { startCave } from "./start.ts";
import { stopCave } from "./stop.ts";
import { never, openTestGateway, type TestGateway } from "./testing/gateway.ts";
import { Life } from "./testing/life.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ghost-crash-"));
});
afterEach(() => rm(folder, { recursive: true }));

interface Scene {
  prepare?: (gateway: TestGateway) => Promise<unknown>;
  act: (gateway: TestGateway) => Promise<unknown>;
  /** What must be so of the cave afterwards, by whether its caller was answered. */
  after: (world: MemoryWorld, answered: boolean) => void;
}

const cave = "x";
const keepWorkspace = false;
const only = (world: MemoryWorld) => [...world.caves.values()].map(({ state }) => state);

const scenes: Record<string, Scene> = {
  create: {
    act: (gateway) => gateway.create({ name: cave }),
    after: (world, answered) =>
      answered
        ? expect(only(world)).toEqual(["running"])
        : expect([[], ["running"]]).toContainEqual(only(world)),
  },
  "create, not waited for": {
    act: async (gateway) => {
      await gateway.create({ name: cave }, { wait: "none" });
      await gateway.context.fleet.tasks.idle();
    },
    after: (world, answered) =>
      answered
        ? expect(only(world)).toEqual(["running"])
        : expect([[], ["running"]]).toContainEqual(only(world)),
  },
  "create of what exits at once": {
    act: (gateway) => gateway.create({ name: cave, image: "broken" }).catch(() => undefined),
    after: (world) => expect(only(world)).toEqual([]),
  },
  remove: {
    prepare: (gateway) => gateway.create({ name: cave }),
    act: ({ ann }) => removeCave(ann, { cave, keepWorkspace }, never),
    after: (world, answered) => {
      if (answered) expect(only(world)).toEqual([]);
      else expect([[], ["running"]]).toContainEqual(only(world));
      expect(world.volumes.size).toBe(world.caves.size);
    },
  },
  "remove, keeping the workspace": {
    prepare: (gateway) => gateway.create({ name: cave }),
    act: ({ ann }) => removeCave(ann, { cave, keepWorkspace: true }, never),
    after: (world) => expect(world.volumes.size).toBe(1),
  },
  stop: {
    prepare: (gateway) => gateway.create({ name: cave }),
    act: ({ ann }) => stopCave(ann, { cave }, never),
    after: (world, answered) =>
      answered
        ? expect(only(world)).toEqual(["stopped"])
        : expect([["stopped"], ["running"]]).toContainEqual(only(world)),
  },
  start: {
    prepare: async (gateway) => {
      await gateway.create({ name: cave });
      await stopCave(gateway.ann, { cave }, never);
    },
    act: ({ ann }) => startCave(ann, { cave }, never),
    after: (world, answered) =>
      answered
        ? expect(only(world)).toEqual(["running"])
        : expect([["stopped"], ["running"]]).toContainEqual(only(world)),
  },
  restart: {
    prepare: (gateway) => gateway.create({ name: cave }),
    act: ({ ann }) => restartCave(ann, { cave }, never),
    after: (world) => expect(only(world)).toEqual(["running"]),
  },
  pause: {
    prepare: (gateway) => gateway.create({ name: cave }),
    act: ({ ann }) => pauseCave(ann, { cave }, never),
    after: (world, answered) =>
      answered
        ? expect(only(world)).toEqual(["paused"])
        : expect([["paused"], ["running"]]).toContainEqual(only(world)),
  },
  resume: {
    prepare: async (gateway) => {
      await gateway.create({ name: cave });
      await pauseCave(gateway.ann, { cave }, never);
    },
    act: ({ ann }) => resumeCave(ann, { cave }, never),
    after: (world, answered) =>
      answered
        ? expect(only(world)).toEqual(["running"])
        : expect([["paused"], ["running"]]).toContainEqual(only(world)),
  },
};

describe("a gateway that is killed between any two steps", () => {
  for (const [name, scene] of Object.entries(scenes)) {
    it(`of ${name} leaves nothing behind and loses nothing`, async () => {
      let answered = false;
      for (let step = 1; !answered; step++) {
        expect(step, "a life that never ends").toBeLessThan(100);
        await using world = new MemoryWorld({
          images: { "ghost/cave": { daemon: 1 }, broken: { exits: 3 } },
        });
        const path = join(folder, `${step}.db`);
        answered = await liveUntil(step, scene, world, path);
        await using successor = await openTestGateway({ path, world });
        await using keeping = startKeeping(successor.context);
        await keeping.compared;
        await successor.context.fleet.tasks.idle();
        scene.after(world, answered);
        await expectTruth(successor);
      }
    });
  }
});

/** Whether the caller was answered before the end came. */
async function liveUntil(step: number, scene: Scene, world: MemoryWorld, path: string): Promise<boolean> {
  {
    await using before = await openTestGateway({ path, world });
    await scene.prepare?.(before);
  }
  const life = new Life(step);
  const gateway = await openTestGateway({ path, world, life });
  const answered = scene.act(gateway).then(() => true);
  const result = await Promise.race([answered, life.ended.then(() => false)]);
  await gateway.abandon();
  return result;
}

/** Store and engine say the same, and nothing is in one that is not in the other. */
async function expectTruth({ store, world }: TestGateway): Promise<void> {
  const records = await store.caves.all();
  const stored = records.filter(({ state }) => state !== "failed").map(({ id, state }) => [id, state]);
  expect(stored).toEqual([...world.caves].map(([id, { state }]) => [id, state]));
  for (const id of world.volumes.keys()) {
    const kept = (await store.caves.findRemoved(id))?.workspaceKept ?? false;
    expect(kept || world.caves.has(id)).toBe(true);
  }
}
