import { once } from "node:events";
import { expect, it } from "vitest";
import { AppError } from "../../lib/app-error.ts";
import { newId, ran, soon, specOf } from "../contract/fixture.ts";
import { createMemoryBackend } from "./memory-backend.ts";
import { MemoryWorld } from "./world.ts";

it("keeps its world when a gateway is killed and the next one opens on it", async () => {
  await using world = new MemoryWorld();
  const first = createMemoryBackend({ world });
  const spec = await specOf(first, "plain");
  await first.create(spec, soon());
  await first.start(spec.id, soon());
  await ran(first, spec.id, "echo kept > note");

  const next = createMemoryBackend({ world });
  expect(await next.list(soon())).toMatchObject([{ id: spec.id, state: "running" }]);
  expect((await ran(next, spec.id, "cat note")).stdout).toBe("kept\n");
});

it("fails where it is told to, before the effect or after it", async () => {
  const fault = new Set<string>();
  await using backend = createMemoryBackend({
    fault: (verb, _id, when) => {
      if (fault.delete(`${when} ${verb}`)) throw new AppError("backend_unavailable", "told to");
    },
  });
  const spec = await specOf(backend, "plain");
  fault.add("before create");
  await expect(backend.create(spec, soon())).rejects.toMatchObject({ code: "backend_unavailable" });
  expect(await backend.list(soon())).toEqual([]);
  fault.add("after create");
  await expect(backend.create(spec, soon())).rejects.toMatchObject({ code: "backend_unavailable" });
  expect(await backend.list(soon())).toHaveLength(1);
});

it("says that its engine is away, ends event streams by it, and is itself again afterwards", async () => {
  await using world = new MemoryWorld();
  const backend = createMemoryBackend({ world });
  const events = (async () => {
    for await (const _ of backend.events(soon()));
  })();
  events.catch(() => undefined);
  world.reachable = false;
  await expect(events).rejects.toMatchObject({ code: "backend_unavailable" });
  await expect(backend.list(soon())).rejects.toMatchObject({ code: "backend_unavailable" });
  expect(await backend.info(soon())).toMatchObject({ reachable: false });
  world.reachable = true;
  expect(await backend.list(soon())).toEqual([]);
});

it("lets a cave die of itself", async () => {
  await using world = new MemoryWorld();
  const backend = createMemoryBackend({ world });
  const spec = await specOf(backend, "plain");
  await backend.create(spec, soon());
  await backend.start(spec.id, soon());
  const events = backend.events(soon())[Symbol.asyncIterator]();
  await world.end(spec.id, 137, true);
  expect([(await events.next()).value, (await events.next()).value]).toEqual([
    { id: spec.id, change: "out-of-memory" },
    { id: spec.id, change: "stopped", exitCode: 137 },
  ]);
  expect(await backend.inspect(spec.id, soon())).toMatchObject({
    state: "stopped",
    exitCode: 137,
    outOfMemory: true,
  });
});

it("answers on ports that every cave has, and knows which cave it is", async () => {
  await using world = new MemoryWorld({ ports: { 4100: (stream, cave) => stream.end(cave.spec.name) } });
  const backend = createMemoryBackend({ world });
  const spec = await specOf(backend, "ghost/cave", { name: "mine" });
  await backend.create(spec, soon());
  await backend.start(spec.id, soon());
  const [said] = (await once(await backend.dial(spec.id, 4100, soon()), "data")) as [Buffer];
  expect(String(said)).toBe("mine");
});

it("pulls what its registry has", async () => {
  await using world = new MemoryWorld({ registry: { "python:3": {} } });
  const backend = createMemoryBackend({ world });
  const lines: string[] = [];
  expect(await backend.image("python:3", soon())).toBeUndefined();
  expect(await backend.pull("python:3", (line) => lines.push(line), soon())).toMatchObject({
    ref: "python:3",
  });
  expect(await backend.image("python:3", soon())).toBeDefined();
  expect(lines).toHaveLength(1);
  await expect(backend.pull("python:4", () => undefined, soon())).rejects.toMatchObject({
    code: "image_not_found",
  });
});

it("makes and lists five hundred caves in no time, without a folder or a process", async () => {
  await using backend = createMemoryBackend();
  const spec = await specOf(backend, "plain");
  for (let n = 0; n < 500; n++) {
    const id = newId();
    await backend.create({ ...spec, id }, soon());
    await backend.start(id, soon());
  }
  expect(await backend.list(soon())).toHaveLength(500);
});
