import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import type { Call } from "../context.ts";
import type { AppError } from "../lib/app-error.ts";
import { listBackends } from "./backends.ts";
import { enterCave } from "./enter.ts";
import { getCave } from "./get.ts";
import { listCaves } from "./list.ts";
import { caveLogs } from "./logs.ts";
import { patchCave } from "./patch.ts";
import { pauseCave, resumeCave } from "./pause.ts";
import { removeCave, removeCavesOf } from "./remove.ts";
import { restartCave } from "./restart.ts";
import { renewSecrets } from "./secrets.ts";
import { startCave } from "./start.ts";
import { caveStats } from "./stats.ts";
import { stopCave } from "./stop.ts";
import { never, openTestGateway } from "./testing/gateway.ts";
import type { Scope } from "#contract/scopes.ts";

const code = (code: string) => expect.objectContaining({ code }) as AppError;
const keepWorkspace = false;

const verbs: Record<string, { scope: Scope; run: (call: Call, cave: string) => Promise<unknown> }> = {
  get: { scope: "caves:read", run: (call, cave) => getCave(call, { cave }) },
  start: { scope: "caves:write", run: (call, cave) => startCave(call, { cave }, never) },
  stop: { scope: "caves:write", run: (call, cave) => stopCave(call, { cave }, never) },
  restart: { scope: "caves:write", run: (call, cave) => restartCave(call, { cave }, never) },
  pause: { scope: "caves:write", run: (call, cave) => pauseCave(call, { cave }, never) },
  resume: { scope: "caves:write", run: (call, cave) => resumeCave(call, { cave }, never) },
  patch: { scope: "caves:write", run: (call, cave) => patchCave(call, { cave, patch: {} }, never) },
  remove: { scope: "caves:write", run: (call, cave) => removeCave(call, { cave, keepWorkspace }, never) },
  logs: { scope: "caves:read", run: (call, cave) => caveLogs(call, { cave, follow: false }, never) },
  stats: { scope: "caves:read", run: (call, cave) => caveStats(call, { cave }, never) },
  enter: { scope: "caves:exec", run: (call, cave) => enterCave(call, { cave, scope: "caves:exec" }) },
};

describe.each(Object.entries(verbs))("%s", (_name, { scope, run }) => {
  it("finds no cave that is somebody else's, and none that is not there", async () => {
    await using gateway = await openTestGateway();
    const { id, name } = await gateway.create();
    const bob = gateway.callAs("bob");
    for (const ref of [id, name, "cave-aaaaaaaaaaaaaaaa", "nope"]) {
      await expect(run(bob, ref)).rejects.toEqual(code("cave_not_found"));
    }
    expect(gateway.world.caves.get(id)?.state).toBe("running");
  });

  it("needs its scope", async () => {
    await using gateway = await openTestGateway();
    const { id } = await gateway.create();
    const others = (["caves:read", "caves:write", "caves:exec"] as const).filter((one) => one !== scope);
    await expect(run(gateway.callAs("ann", "member", others), id)).rejects.toEqual(code("forbidden"));
  });
});

describe("the lifecycle", () => {
  it("stops, starts, pauses, resumes and restarts, and each again is no error", async () => {
    await using gateway = await openTestGateway();
    const { ann } = gateway;
    const { id } = await gateway.create({ name: "x" });
    const cave = "x";
    for (const [run, state] of [
      [stopCave, "stopped"],
      [startCave, "running"],
      [pauseCave, "paused"],
      [resumeCave, "running"],
    ] as const) {
      for (let twice = 0; twice < 2; twice++) {
        expect(await run(ann, { cave }, never)).toMatchObject({ state });
        expect(gateway.world.caves.get(id)?.state).toBe(state);
      }
    }
    expect(await restartCave(ann, { cave }, never)).toMatchObject({ state: "running" });
    await pauseCave(ann, { cave }, never);
    expect(await restartCave(ann, { cave }, never)).toMatchObject({ state: "running" });
    await pauseCave(ann, { cave }, never);
    expect(await stopCave(ann, { cave }, never)).toMatchObject({ state: "stopped" });
  });

  it("refuses what the table does not have", async () => {
    await using gateway = await openTestGateway();
    const { ann } = gateway;
    await gateway.create({ name: "x" });
    const cave = "x";
    await stopCave(ann, { cave }, never);
    await expect(pauseCave(ann, { cave }, never)).rejects.toEqual(code("cave_state"));
    await expect(resumeCave(ann, { cave }, never)).rejects.toEqual(code("cave_state"));
    await expect(enterCave(ann, { cave, scope: "caves:exec" })).rejects.toEqual(code("cave_state"));
    await startCave(ann, { cave }, never);
    await pauseCave(ann, { cave }, never);
    await expect(startCave(ann, { cave }, never)).rejects.toEqual(code("cave_state"));
  });

  it("does one thing to a cave at a time", async () => {
    let atOnce = 0;
    let most = 0;
    await using gateway = await openTestGateway({
      fault: async (verb, _id, when) => {
        if (verb !== "start" && verb !== "stop") return;
        atOnce += when === "before" ? 1 : -1;
        most = Math.max(most, atOnce);
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    const { ann } = gateway;
    await gateway.create({ name: "x" });
    const cave = "x";
    const all = [stopCave, startCave, restartCave, stopCave, startCave].map((run) =>
      run(ann, { cave }, never),
    );
    expect((await Promise.all(all)).map(({ state }) => state)).toEqual([
      "stopped",
      "running",
      "running",
      "stopped",
      "running",
    ]);
    expect(most).toBe(1);
  });

  it("makes a cave again that the engine has lost", async () => {
    await using gateway = await openTestGateway();
    const { ann } = gateway;
    const { id } = await gateway.create({ name: "x" });
    await stopCave(ann, { cave: "x" }, never);
    gateway.world.caves.delete(id);
    expect(await startCave(ann, { cave: "x" }, never)).toMatchObject({ state: "running", id });
    expect(gateway.world.caves.get(id)?.state).toBe("running");
  });

  it("says why a start failed, and starts nothing later", async () => {
    await using gateway = await openTestGateway();
    const { ann, world } = gateway;
    await gateway.create({ name: "x" });
    await stopCave(ann, { cave: "x" }, never);
    world.images.set("ghost/cave", { daemon: 1, exits: 7 });
    await expect(startCave(ann, { cave: "x" }, never)).rejects.toEqual(code("cave_exited"));
    expect(await getCave(ann, { cave: "x" })).toMatchObject({
      state: "failed",
      stateReason: expect.stringContaining("exit code 7") as string,
    });
    expect((await gateway.store.caves.find("x"))?.desired).toBe("stopped");
    world.images.set("ghost/cave", { daemon: 1 });
    world.reachable = false;
    await expect(startCave(ann, { cave: "x" }, never)).rejects.toEqual(code("backend_unavailable"));
    expect((await gateway.store.caves.find("x"))?.desired).toBe("stopped");
  });
});

describe("removeCave", () => {
  it("is idempotent by id for its owner, and for nobody else", async () => {
    await using gateway = await openTestGateway();
    const { ann } = gateway;
    const { id, name } = await gateway.create();
    await removeCave(ann, { cave: id, keepWorkspace }, never);
    await removeCave(ann, { cave: id, keepWorkspace }, never);
    await expect(removeCave(ann, { cave: name, keepWorkspace }, never)).rejects.toEqual(
      code("cave_not_found"),
    );
    await expect(removeCave(gateway.callAs("bob"), { cave: id, keepWorkspace }, never)).rejects.toEqual(
      code("cave_not_found"),
    );
    expect(gateway.world.volumes.size).toBe(0);
    expect(gateway.guests.dropped).toContain(id);
  });

  it("is remembered while the engine is away", async () => {
    await using gateway = await openTestGateway();
    const { ann, world } = gateway;
    const { id } = await gateway.create();
    world.reachable = false;
    await expect(removeCave(ann, { cave: id, keepWorkspace }, never)).rejects.toEqual(
      code("backend_unavailable"),
    );
    expect(await getCave(ann, { cave: id })).toMatchObject({ state: "removing" });
    world.reachable = true;
    await removeCave(ann, { cave: id, keepWorkspace }, never);
    expect(world.caves.size).toBe(0);
  });

  it("takes all of a user's caves and kept workspaces", async () => {
    await using gateway = await openTestGateway();
    await gateway.create();
    await gateway.create({ name: "kept" });
    await removeCave(gateway.ann, { cave: "kept", keepWorkspace: true }, never);
    const bobs = await gateway.create({}, {}, gateway.callAs("bob"));
    await removeCavesOf(gateway.context, { ownerId: "user-ann" }, never);
    expect([...gateway.world.volumes.keys()]).toEqual([bobs.id]);
  });
});

describe("listCaves", () => {
  const all = { sort: "name", limit: 100 } as const;

  it("shows everybody their own, and admins all", async () => {
    await using gateway = await openTestGateway();
    const bob = gateway.callAs("bob");
    const root = gateway.callAs("root", "admin");
    await gateway.create({ name: "a" });
    await gateway.create({ name: "b" }, {}, bob);
    const names = async (call: Call, owner?: string) =>
      (await listCaves(call, { ...all, owner })).caves.map(({ name }) => name);
    expect(await names(gateway.ann)).toEqual(["a"]);
    expect(await names(gateway.ann, "bob")).toEqual([]);
    expect(await names(bob, "me")).toEqual(["b"]);
    expect(await names(root)).toEqual(["a", "b"]);
    expect(await names(root, "bob")).toEqual(["b"]);
    expect(await names(root, "me")).toEqual([]);
    await expect(listCaves(gateway.callAs("eve", "member", []), all)).rejects.toEqual(code("forbidden"));
  });

  it("asks no engine", async () => {
    await using gateway = await openTestGateway();
    await gateway.create();
    gateway.world.reachable = false;
    expect((await listCaves(gateway.ann, all)).total).toBe(1);
  });
});

describe("patchCave", () => {
  it("renames, limits and sets lifetimes", async () => {
    await using gateway = await openTestGateway();
    const { id } = await gateway.create({ name: "x", idleTimeoutMs: 60_000 });
    const patch = { name: "y", limits: { memoryMb: 4096 }, idleTimeoutMs: null, ttlMs: 3_600_000 };
    const cave = await patchCave(gateway.ann, { cave: "x", patch }, never);
    expect(cave).toMatchObject({
      name: "y",
      limits: { cpus: 2, memoryMb: 4096 },
      expiresAt: "2030-01-01T01:00:00.000Z",
    });
    expect(cave.idleTimeoutMs).toBeUndefined();
    expect(gateway.world.caves.get(id)?.spec.limits.memoryMb).toBe(4096);
    expect(
      (await patchCave(gateway.ann, { cave: "y", patch: { ttlMs: null } }, never)).expiresAt,
    ).toBeUndefined();
  });

  it("keeps what is in force when the engine refuses, and a name that is taken", async () => {
    await using gateway = await openTestGateway();
    await gateway.create({ name: "x" });
    await gateway.create({ name: "y" });
    await expect(patchCave(gateway.ann, { cave: "x", patch: { name: "y" } }, never)).rejects.toEqual(
      code("cave_name_taken"),
    );
    gateway.world.reachable = false;
    await expect(
      patchCave(gateway.ann, { cave: "x", patch: { limits: { cpus: 4 } } }, never),
    ).rejects.toEqual(code("backend_unavailable"));
    expect((await getCave(gateway.ann, { cave: "x" })).limits.cpus).toBe(2);
  });
});

describe("inside", () => {
  it("counts what is done, and not looking", async () => {
    await using gateway = await openTestGateway();
    const { id: cave } = await gateway.create({ idleTimeoutMs: 60_000 });
    gateway.advance(30_000);
    await enterCave(gateway.ann, { cave, scope: "caves:exec" });
    expect(await getCave(gateway.ann, { cave })).toMatchObject({ stopsAt: "2030-01-01T00:01:00.000Z" });
    const entered = await enterCave(gateway.ann, { cave, scope: "caves:exec", activity: "exec" });
    expect(await getCave(gateway.ann, { cave })).toMatchObject({
      lastActivity: { at: "2030-01-01T00:00:30.000Z", what: "exec" },
      stopsAt: "2030-01-01T00:01:30.000Z",
    });
    gateway.advance(10_000);
    entered.touch();
    expect(await getCave(gateway.ann, { cave })).toMatchObject({ stopsAt: "2030-01-01T00:01:40.000Z" });
  });

  it("reads the cave's own output, and a service's", async () => {
    await using gateway = await openTestGateway();
    gateway.world.images.set("ghost/cave", { daemon: 1, output: "hello\n" });
    const { id: cave } = await gateway.create();
    expect(await text(await caveLogs(gateway.ann, { cave, follow: false }, never))).toBe("hello\n");
    expect(await text(await caveLogs(gateway.ann, { cave, service: "code", follow: false }, never))).toBe(
      "log of code",
    );
  });

  it("gives running caves the new value of a secret", async () => {
    await using gateway = await openTestGateway();
    const { ann, guests } = gateway;
    await ann.vault.put("user-ann", "KEY", "one");
    const { id } = await gateway.create({ secrets: ["KEY"] });
    await ann.vault.put("user-ann", "KEY", "two");
    await renewSecrets(ann, { ownerId: "user-ann", name: "KEY" }, never);
    expect(guests.secrets.get(id)).toEqual({ KEY: "two" });
  });
});

describe("listBackends", () => {
  it("says which are there, also when they are away", async () => {
    await using gateway = await openTestGateway();
    expect(await listBackends(gateway.ann, { disk: false }, never)).toMatchObject([
      { name: "memory", reachable: true, capabilities: { pause: true, networks: ["open", "none"] } },
    ]);
    // An engine that cannot count its disk is listed all the same.
    const [counted] = await listBackends(gateway.ann, { disk: true }, never);
    expect(counted).not.toHaveProperty("disk");
    gateway.world.reachable = false;
    expect(await listBackends(gateway.ann, { disk: false }, never)).toMatchObject([
      { name: "memory", reachable: false },
    ]);
  });
});
