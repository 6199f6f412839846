import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MemoryWorld } from "../backends/memory/world.ts";
import type { AppError } from "../lib/app-error.ts";
import { createCave } from "./create.ts";
import { renewEnvironments } from "./environment.ts";
import { getCave } from "./get.ts";
import { patchCave } from "./patch.ts";
import { removeCave } from "./remove.ts";
import { startCave } from "./start.ts";
import { stopCave } from "./stop.ts";
import { never, openTestGateway, type TestGateway } from "./testing/gateway.ts";
import { Cave, CreateCave, type Progress } from "#contract/cave.ts";

const code = (code: string) => expect.objectContaining({ code }) as AppError;

async function nothingLeft({ store, world }: TestGateway): Promise<void> {
  expect(await store.caves.all()).toEqual([]);
  expect(world.caves.size + world.volumes.size).toBe(0);
}

describe("createCave", () => {
  it("makes a cave that runs, and says so", async () => {
    await using gateway = await openTestGateway();
    const cave = await gateway.create({ limits: { cpus: 1 }, env: { A: "b" } });
    expect(Cave.parse(cave)).toMatchObject({
      state: "running",
      owner: "ann",
      image: "ghost/cave",
      limits: { cpus: 1, memoryMb: 2048 },
      env: { A: "b" },
      lastActivity: { what: "created" },
    });
    expect(cave.name).toMatch(/^[a-z]+-[a-z]+$/);
    expect(gateway.world.caves.get(cave.id)?.spec).toMatchObject({
      name: cave.name,
      env: { A: "b" },
      daemonTokenHash: `hash of ${cave.id}`,
    });
    expect(await getCave(gateway.ann, { cave: cave.name })).toEqual(cave);
  });

  it("tells every stage, in order", async () => {
    await using gateway = await openTestGateway();
    const seen: Progress[] = [];
    await gateway.create({}, { onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ stage, status }) => `${stage} ${status}`)).toEqual(
      ["image", "create", "start", "ready"].flatMap((stage) => [`${stage} started`, `${stage} done`]),
    );
  });

  it("pulls what the engine does not hold, and says what the registry says", async () => {
    await using gateway = await openTestGateway({
      world: new MemoryWorld({ registry: { "python:3.12": {} } }),
    });
    const seen: (string | undefined)[] = [];
    const cave = await gateway.create(
      { image: "python:3.12" },
      { onProgress: ({ message }) => seen.push(message) },
    );
    expect(cave.image).toBe("python:3.12");
    expect(seen).toContain("Pulling python:3.12");
  });

  it.each([
    ["an unknown image", { image: "no-such:image" }, "image_not_found"],
    ["an unknown backend", { backend: "nowhere" }, "backend_not_found"],
    ["a secret that is not there", { secrets: ["NOPE"] }, "secret_not_found"],
    [
      "a network that the backend cannot keep",
      { network: { mode: "allow", allow: ["a.org"] } },
      "unsupported",
    ],
    ["an image that exits at once", { image: "broken" }, "cave_exited"],
  ] as const)("leaves nothing of %s", async (_what, input, expected) => {
    await using gateway = await openTestGateway({
      world: new MemoryWorld({ images: { "ghost/cave": { daemon: 1 }, broken: { exits: 3 } } }),
    });
    const body = CreateCave.parse({ backend: "memory", ...input });
    await expect(createCave(gateway.ann, { body, wait: "ready" }, never)).rejects.toEqual(code(expected));
    await nothingLeft(gateway);
  });

  it("leaves nothing of a cave that never becomes ready", async () => {
    await using gateway = await openTestGateway({ readyTimeoutMs: 30 });
    gateway.guests.onReady = (id) => Promise.resolve(void gateway.guests.mute.add(id));
    await expect(gateway.create()).rejects.toEqual(code("timeout"));
    await nothingLeft(gateway);
  });

  it("leaves nothing while the engine is away, and makes nothing when it is back", async () => {
    await using gateway = await openTestGateway();
    gateway.world.reachable = false;
    await expect(gateway.create()).rejects.toEqual(code("backend_unavailable"));
    gateway.world.reachable = true;
    expect(gateway.world.caves.size).toBe(0);
    expect((await gateway.store.caves.all()).map(({ state }) => state)).toEqual(["removing"]);
  });

  it("refuses a name that is taken, and a cave too many", async () => {
    await using gateway = await openTestGateway({ maxPerUser: 2 });
    await gateway.create({ name: "x" });
    await expect(gateway.create({ name: "x" })).rejects.toEqual(code("cave_name_taken"));
    await gateway.create();
    await expect(gateway.create()).rejects.toEqual(code("limit_reached"));
    await gateway.create({}, {}, gateway.callAs("bob"));
    expect(gateway.world.caves.size).toBe(3);
  });

  it("needs the scope", async () => {
    await using gateway = await openTestGateway();
    await expect(gateway.create({}, {}, gateway.callAs("eve", "member", ["caves:read"]))).rejects.toEqual(
      code("forbidden"),
    );
  });

  it("hands over secrets when it is made and again when it starts, without those that were deleted", async () => {
    await using gateway = await openTestGateway();
    await gateway.ann.vault.put("user-ann", "KEY", "one");
    await gateway.ann.vault.put("user-ann", "GONE", "two");
    const cave = await gateway.create({ secrets: ["KEY", "GONE"] });
    expect(gateway.guests.secrets.get(cave.id)).toEqual({ KEY: "one", GONE: "two" });
    expect(JSON.stringify(gateway.world.caves.get(cave.id)?.spec)).not.toContain("one");
    await gateway.ann.vault.remove("user-ann", "GONE");
    await gateway.world.end(cave.id, 0);
    await gateway.store.caves.update(cave.id, { state: "stopped" });
    await startCave(gateway.ann, { cave: cave.id }, never);
    expect(gateway.guests.secrets.get(cave.id)).toEqual({ KEY: "one" });
  });

  it("tells its processes who they are and where their ports are seen", async () => {
    await using gateway = await openTestGateway();
    const { ann, context, guests } = gateway;
    const { id } = await gateway.create({ name: "lair", env: { VSCODE_PROXY_URI: "mine" } });
    expect(guests.environments.get(id)).toEqual({
      GHOST_CAVE_ID: id,
      GHOST_CAVE_NAME: "lair",
      GHOST_PORT_URL_TEMPLATE: `http://{port}--${id}.localhost:8000`,
      __VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS: ".localhost",
    });
    await patchCave(ann, { cave: id, patch: { name: "den" } }, never);
    expect(guests.environments.get(id)).toMatchObject({ GHOST_CAVE_NAME: "den" });

    const other = await gateway.create();
    const config = { ...context.config, url: "https://ghost.example", appsDomain: "apps.example" };
    await stopCave(ann, { cave: other.id }, never);
    await startCave({ ...ann, config }, { cave: other.id }, never);
    expect(guests.environments.get(other.id)).toMatchObject({
      GHOST_PORT_URL_TEMPLATE: `https://{port}--${other.id}.apps.example`,
      VSCODE_PROXY_URI: `https://{{port}}--${other.id}.apps.example/`,
      __VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS: ".apps.example",
    });
    await renewEnvironments({ ...context, config }, never);
    expect(guests.environments.get(id)).toMatchObject({
      GHOST_PORT_URL_TEMPLATE: `https://{port}--${id}.apps.example`,
    });
  });

  it("starts services beside, and tells of one that cannot be", async () => {
    await using gateway = await openTestGateway();
    gateway.guests.missing.add("desktop");
    const cave = await gateway.create({ services: { code: true, desktop: true } });
    await gateway.context.fleet.tasks.idle();
    expect(gateway.guests.started).toEqual(["code"]);
    expect((await getCave(gateway.ann, { cave: cave.id })).services).toMatchObject({
      desktop: { state: "failed" },
    });
  });

  it("goes on when its caller has gone", async () => {
    await using gateway = await openTestGateway();
    const answer = Promise.withResolvers<undefined>();
    const asked = Promise.withResolvers<undefined>();
    gateway.guests.onReady = () => (asked.resolve(undefined), answer.promise);
    const leaving = new AbortController();
    const body = CreateCave.parse({ backend: "memory", name: "x" });
    const waiting = createCave(gateway.ann, { body, wait: "ready" }, leaving.signal);
    await asked.promise;
    leaving.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    answer.resolve(undefined);
    await gateway.context.fleet.tasks.idle();
    expect(await getCave(gateway.ann, { cave: "x" })).toMatchObject({ state: "running" });
  });

  it("is called off by a removal", async () => {
    await using gateway = await openTestGateway();
    const asked = Promise.withResolvers<undefined>();
    gateway.guests.onReady = (id) => (
      gateway.guests.mute.add(id),
      asked.resolve(undefined),
      Promise.resolve()
    );
    const making = gateway.create({ name: "x" });
    making.catch(() => undefined);
    await asked.promise;
    await removeCave(gateway.ann, { cave: "x", keepWorkspace: false }, never);
    await expect(making).rejects.toEqual(code("cave_state"));
    await nothingLeft(gateway);
  });
});

describe("a create that is not waited for", () => {
  it("answers at once, and keeps the reason of a failure until somebody starts it again", async () => {
    const world = new MemoryWorld({ images: {}, registry: {} });
    await using gateway = await openTestGateway({ world });
    const cave = await gateway.create({ image: "python:3.12" }, { wait: "none" });
    expect(cave.state).toBe("creating");
    await expect(startCave(gateway.ann, { cave: cave.id }, never)).rejects.toEqual(code("cave_state"));
    await gateway.context.fleet.tasks.idle();
    expect(await getCave(gateway.ann, { cave: cave.id })).toMatchObject({
      state: "failed",
      stateReason: "No registry has python:3.12.",
    });
    expect(world.caves.size).toBe(0);
    world.registry.set("python:3.12", {});
    expect(await startCave(gateway.ann, { cave: cave.id }, never)).toMatchObject({ state: "running" });
  });
});

describe("our own image", () => {
  it("is waited for while it is built, with progress", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ghost-images-"));
    const images = join(folder, "images.json");
    // Whole or not at all, as the builder does it: the file is read all the time.
    const write = async (full: object) => {
      await writeFile(`${images}.new`, JSON.stringify({ full: { image: "ghost/cave:full", ...full } }));
      await rename(`${images}.new`, images);
    };
    await write({ state: "building", step: 3, steps: 20, line: "RUN apt-get", builder: process.pid });
    const world = new MemoryWorld({ images: { "ghost/cave:base": { daemon: 1 } } });
    await using gateway = await openTestGateway({ world, images });
    const said = Promise.withResolvers<string>();
    const making = gateway.create(
      { services: { code: true } },
      { onProgress: ({ message }) => message !== undefined && said.resolve(message) },
    );
    expect(await said.promise).toBe("ghost/cave:full is being built (step 3 of 20): RUN apt-get");
    // Whoever needs nothing of it does not wait.
    expect(await gateway.create()).toMatchObject({ image: "ghost/cave:base" });
    world.images.set("ghost/cave:full", { daemon: 1 });
    await write({ state: "ready" });
    expect(await making).toMatchObject({ image: "ghost/cave:full" });
    expect(await gateway.create()).toMatchObject({ image: "ghost/cave:full" });
    await rm(folder, { recursive: true });
  });

  it("is not found when nobody builds it", async () => {
    await using gateway = await openTestGateway({ world: new MemoryWorld({ images: {} }) });
    await expect(gateway.create()).rejects.toMatchObject({
      code: "image_not_found",
      message: expect.stringContaining("npm run up") as string,
    });
    await nothingLeft(gateway);
  });
});

describe("Idempotency-Key", () => {
  const idempotencyKey = "one";

  it("makes one cave of many requests, at once and later", async () => {
    await using gateway = await openTestGateway();
    const [first, second] = await Promise.all([
      gateway.create({}, { idempotencyKey }),
      gateway.create({}, { idempotencyKey }),
    ]);
    expect(second).toEqual(first);
    expect(await gateway.create({}, { idempotencyKey })).toEqual(first);
    expect(gateway.world.caves.size).toBe(1);
    expect((await gateway.create({}, { idempotencyKey }, gateway.callAs("bob"))).id).not.toBe(first.id);
  });

  it("refuses the same key for something else", async () => {
    await using gateway = await openTestGateway();
    await gateway.create({ name: "x" }, { idempotencyKey });
    await expect(gateway.create({ name: "y" }, { idempotencyKey })).rejects.toEqual(
      code("idempotency_conflict"),
    );
  });

  it("is free again when the cave could not be made", async () => {
    const world = new MemoryWorld({ images: {} });
    await using gateway = await openTestGateway({ world });
    const ask = () => gateway.create({ image: "python:3.12" }, { idempotencyKey });
    const both = await Promise.allSettled([ask(), ask()]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    world.images.set("python:3.12", {});
    expect(await ask()).toMatchObject({ state: "running" });
  });

  it("answers a create that is not waited for with what was answered first", async () => {
    await using gateway = await openTestGateway();
    const first = await gateway.create({}, { wait: "none", idempotencyKey });
    await gateway.context.fleet.tasks.idle();
    expect(await gateway.create({}, { wait: "none", idempotencyKey })).toEqual(first);
  });
});

describe("a workspace that was kept", () => {
  it("comes back with the next cave of its name and owner, even if the one between could not be made", async () => {
    await using gateway = await openTestGateway();
    const { id } = await gateway.create({ name: "x" });
    await removeCave(gateway.ann, { cave: "x", keepWorkspace: true }, never);
    expect([...gateway.world.volumes.keys()]).toEqual([id]);
    await expect(gateway.create({ name: "x", image: "nope" })).rejects.toEqual(code("image_not_found"));
    expect([...gateway.world.volumes.keys()]).toEqual([id]);
    expect((await gateway.create({ name: "x" })).id).toBe(id);
    await removeCave(gateway.ann, { cave: "x", keepWorkspace: false }, never);
    expect(gateway.world.volumes.size).toBe(0);
  });

  it("can be thrown away later, by its id", async () => {
    await using gateway = await openTestGateway();
    const { id } = await gateway.create({ name: "x" });
    await removeCave(gateway.ann, { cave: id, keepWorkspace: true }, never);
    await removeCave(gateway.ann, { cave: id, keepWorkspace: false }, never);
    expect(gateway.world.volumes.size).toBe(0);
    expect((await gateway.create({ name: "x" })).id).not.toBe(id);
  });
});
