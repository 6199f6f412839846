import { once } from "node:events";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ran, soon, specOf } from "../contract/fixture.ts";
import { type DockerBackend, openDocker } from "./open-docker.ts";
import { ensureTestImages, testImages } from "./testing/images.ts";
import { PrivateEngine } from "./testing/private-engine.ts";

let engine: PrivateEngine;
let backend: DockerBackend;

beforeAll(async () => {
  engine = await PrivateEngine.open();
  await ensureTestImages(engine.docker);
  backend = await openDocker({ instance: "restart", host: engine.host });
});

afterAll(async () => {
  for (const { id } of await backend.list(soon())) await backend.remove(id, { keepWorkspace: false }, soon());
  await backend.uninstall(soon());
  await backend[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

it("says that it cannot guard a network that is not on this machine", async () => {
  const spec = await specOf(backend, testImages.plain);
  await backend.create(spec, soon());
  const { isolation } = await backend.info(soon());
  expect(isolation).toMatchObject({
    grade: "reduced",
    notes: expect.arrayContaining([expect.stringContaining("not on this machine")]) as string[],
  });
  await backend.remove(spec.id, { keepWorkspace: false }, soon());
});

it("loses nothing when the engine is killed, says so while it is away, and is true again when it is back", async () => {
  const [running, stopped, created] = await Promise.all(
    [1, 2, 3].map(() => specOf(backend, testImages.plain)),
  );
  if (!running || !stopped || !created) throw new Error("no specs");
  for (const spec of [running, stopped, created]) await backend.create(spec, soon());
  for (const { id } of [running, stopped]) await backend.start(id, soon());
  await ran(backend, running.id, "echo before > note");
  await backend.stop(stopped.id, 0, soon());
  const script = "echo up; exec sleep 1000";
  const exec = await backend.exec(running.id, { argv: ["sh", "-c", script], stdin: false }, soon(60_000));
  // An engine killed while it is starting a process takes half a minute to come back.
  await once(exec.stdout, "data");
  const events = (async () => {
    for await (const _ of backend.events(soon(60_000)));
  })();
  events.catch(() => undefined);
  await backend.list(soon());

  await engine.kill();
  const away = { code: "backend_unavailable" };
  await expect(events).rejects.toMatchObject(away);
  await expect(exec.exit).rejects.toMatchObject(away);
  await expect(backend.list(soon())).rejects.toMatchObject(away);
  await expect(backend.start(stopped.id, soon())).rejects.toMatchObject(away);
  await expect(backend.create(created, soon())).rejects.toMatchObject(away);
  await expect(backend.exec(running.id, { argv: ["true"], stdin: false }, soon())).rejects.toMatchObject(
    away,
  );
  await expect(backend.remove(created.id, { keepWorkspace: false }, soon())).rejects.toMatchObject(away);
  expect(await backend.info(soon())).toMatchObject({ reachable: false });

  await engine.start();
  const back = performance.now();
  const states = async () =>
    Object.fromEntries((await backend.list(soon())).map(({ id, state }) => [id, state]));
  await vi.waitFor(
    async () =>
      expect(await states()).toEqual({
        [running.id]: "stopped",
        [stopped.id]: "stopped",
        [created.id]: "created",
      }),
    10_000,
  );
  expect(performance.now() - back).toBeLessThan(10_000);

  for (const spec of [running, stopped, created]) {
    await backend.create(spec, soon());
    await backend.start(spec.id, soon());
  }
  expect(await backend.list(soon()), "and nothing is there twice").toHaveLength(3);
  expect((await ran(backend, running.id, "cat note")).stdout).toBe("before\n");
});
