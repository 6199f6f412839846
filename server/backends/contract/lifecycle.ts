import { describe, expect, it, vi } from "vitest";
import type { BackendEvent } from "../backend.ts";
import { type Fixture, limits, newId, ran, soon, specOf, useFixture } from "./fixture.ts";

export function lifecycleContract(open: () => Promise<Fixture>): void {
  describe("lifecycle", () => {
    const world = useFixture(open);

    it("says what it is", async () => {
      const info = await world.backend.info(soon());
      expect(info).toMatchObject({ reachable: true, version: expect.any(String) as string });
      expect(info.isolation.notes.length).toBeGreaterThan(0);
    });

    it("knows images, and does not know others", async () => {
      const { images } = world.fixture;
      expect(await world.backend.image(images.plain, soon())).toMatchObject({
        ref: images.plain,
        browser: false,
      });
      expect((await world.backend.image(images.plain, soon()))?.daemon).toBeUndefined();
      expect((await world.backend.image(images.talks, soon()))?.daemon).toBe(1);
      expect(await world.backend.image("no/such-image:here", soon())).toBeUndefined();
    });

    it("goes from nothing to running, stopped, running and gone, each step twice", async () => {
      const { backend } = world;
      const spec = await world.spec();
      const { id } = spec;
      const state = async () => (await backend.inspect(id, soon()))?.state;
      const listed = async () => (await backend.list(soon())).filter((seen) => seen.id === id);
      expect(await state()).toBeUndefined();

      for (const _ of [1, 2]) await backend.create(spec, soon());
      expect(await state()).toBe("created");
      expect(await listed()).toEqual([{ id, kind: "cave", state: "created" }]);

      for (const _ of [1, 2]) await backend.start(id, soon());
      expect(await backend.inspect(id, soon())).toMatchObject({
        kind: "cave",
        state: "running",
        startedAt: expect.any(Date) as Date,
      });
      await backend.create(spec, soon());
      expect(await state(), "made again, it goes on running").toBe("running");
      expect(await ran(backend, id, 'printf %s "$GREETING" > note; pwd')).toMatchObject({
        exitCode: 0,
        stderr: "",
      });

      for (const _ of [1, 2]) await backend.stop(id, 1_000, soon());
      expect(await state()).toBe("stopped");
      expect(await listed()).toMatchObject([
        { id, kind: "cave", state: "stopped", exitCode: expect.any(Number) as number },
      ]);

      await backend.start(id, soon());
      expect((await ran(backend, id, "cat note")).stdout, "the workspace outlives a stop").toBe(
        "hello there",
      );

      for (const _ of [1, 2]) await backend.remove(id, { keepWorkspace: false }, soon());
      expect(await state()).toBeUndefined();
      expect(await listed()).toEqual([]);
    });

    it("makes one cave of many calls at once", async () => {
      const { backend } = world;
      const spec = await world.spec();
      await Promise.all([1, 2, 3, 4].map(() => backend.create(spec, soon())));
      expect((await backend.list(soon())).filter(({ id }) => id === spec.id)).toHaveLength(1);
      await Promise.all([1, 2, 3].map(() => backend.start(spec.id, soon())));
      expect((await ran(backend, spec.id, "touch mine && echo one")).stdout).toBe("one\n");
      await Promise.all([1, 2, 3].map(() => backend.stop(spec.id, 0, soon())));
      await Promise.all([1, 2, 3].map(() => backend.remove(spec.id, { keepWorkspace: false }, soon())));
      expect((await backend.list(soon())).filter(({ id }) => id === spec.id)).toEqual([]);
    });

    it("keeps a workspace without its cave, and hands it to the next cave of that id", async () => {
      const { backend } = world;
      const spec = await world.spec();
      await backend.create(spec, soon());
      await backend.start(spec.id, soon());
      await ran(backend, spec.id, "echo kept > note");

      for (const _ of [1, 2]) await backend.remove(spec.id, { keepWorkspace: true }, soon());
      expect(await backend.inspect(spec.id, soon())).toBeUndefined();
      expect(await backend.list(soon())).toContainEqual({ id: spec.id, kind: "volume", state: "stopped" });

      await backend.create(spec, soon());
      await backend.start(spec.id, soon());
      expect((await ran(backend, spec.id, "cat note")).stdout).toBe("kept\n");

      await backend.remove(spec.id, { keepWorkspace: false }, soon());
      await backend.create(spec, soon());
      await backend.start(spec.id, soon());
      expect((await ran(backend, spec.id, "cat note")).exitCode, "and not one that was not kept").not.toBe(0);
    });

    it("refuses an image that is not there, and leaves nothing", async () => {
      const spec = await world.spec();
      const missing = { ...spec, image: { ...spec.image, ref: "no/such-image:here" } };
      await expect(world.backend.create(missing, soon())).rejects.toMatchObject({ code: "image_not_found" });
      expect((await world.backend.list(soon())).filter(({ id }) => id === spec.id)).toEqual([]);
    });

    it("says so when an image's program ends at once", async () => {
      const { backend } = world;
      const spec = await world.spec("exits");
      await backend.create(spec, soon());
      await expect(backend.start(spec.id, soon())).rejects.toMatchObject({ code: "cave_exited" });
      await vi.waitFor(async () =>
        expect((await backend.inspect(spec.id, soon()))?.state).not.toBe("running"),
      );
      await expect(backend.start(spec.id, soon()), "again").rejects.toMatchObject({ code: "cave_exited" });
    });

    it("refuses a network mode that it cannot keep", async () => {
      const modes = ["open", "none", "allow"] as const;
      for (const mode of modes.filter((each) => !world.backend.can.networks.includes(each))) {
        const spec = await world.spec("plain", { network: { mode } });
        await expect(world.backend.create(spec, soon())).rejects.toMatchObject({ code: "unsupported" });
        expect(await world.backend.inspect(spec.id, soon())).toBeUndefined();
      }
    });

    it("knows no cave by an id that it never made", async () => {
      const { backend } = world;
      const id = newId();
      const unknown = { code: "cave_not_found" };
      await expect(backend.start(id, soon())).rejects.toMatchObject(unknown);
      await expect(backend.exec(id, { argv: ["true"], stdin: false }, soon())).rejects.toMatchObject(unknown);
      await expect(backend.dial(id, 80, soon())).rejects.toMatchObject(unknown);
      await expect(backend.logs(id, { follow: false }, soon())).rejects.toMatchObject(unknown);
      await expect(backend.stats(id, soon())).rejects.toMatchObject(unknown);
      await expect(backend.update(id, limits, soon())).rejects.toMatchObject(unknown);
      await expect(backend.getArchive(id, "/workspace", soon())).rejects.toMatchObject(unknown);
      if (backend.pause) await expect(backend.pause(id, soon())).rejects.toMatchObject(unknown);
      await backend.stop(id, 0, soon());
      await backend.remove(id, { keepWorkspace: false }, soon());
      expect(await backend.inspect(id, soon())).toBeUndefined();
    });

    it("says that a cave is not running to whom wants it to be", async () => {
      const { backend } = world;
      const spec = await world.spec();
      await backend.create(spec, soon());
      const stopped = { code: "cave_state" };
      await expect(backend.exec(spec.id, { argv: ["true"], stdin: false }, soon())).rejects.toMatchObject(
        stopped,
      );
      await expect(backend.dial(spec.id, 80, soon())).rejects.toMatchObject(stopped);
      await expect(backend.stats(spec.id, soon())).rejects.toMatchObject(stopped);
    });

    it("changes limits while the cave runs and while it does not", async () => {
      const { backend } = world;
      const id = await world.running();
      await backend.update(id, { ...limits, memoryMb: 192 }, soon());
      expect((await backend.stats(id, soon())).memoryLimitBytes).toBe(192 * 2 ** 20);
      await backend.stop(id, 0, soon());
      await backend.update(id, { ...limits, memoryMb: 160 }, soon());
      await backend.start(id, soon());
      expect(await backend.stats(id, soon())).toMatchObject({ memoryLimitBytes: 160 * 2 ** 20 });
    });

    it("pauses and resumes, twice over, and can stop what is paused", async ({ skip }) => {
      const { backend } = world;
      if (!backend.pause || !backend.resume) return skip("this backend cannot pause");
      const id = await world.running();
      for (const _ of [1, 2]) await backend.pause(id, soon());
      expect((await backend.inspect(id, soon()))?.state).toBe("paused");
      await expect(backend.exec(id, { argv: ["true"], stdin: false }, soon())).rejects.toMatchObject({
        code: "cave_state",
      });
      for (const _ of [1, 2]) await backend.resume(id, soon());
      expect((await ran(backend, id, "echo awake")).stdout).toBe("awake\n");
      await backend.pause(id, soon());
      await backend.stop(id, 1_000, soon());
      expect((await backend.inspect(id, soon()))?.state).toBe("stopped");
    });

    it("tells of every change, of its own instance alone, from the moment of the call", async () => {
      const { backend } = world;
      await using other = await world.fixture.open("another");
      const stop = new AbortController();
      const stream = backend.events(stop.signal);
      const strangers = await specOf(other, world.fixture.images.plain);
      await other.create(strangers, soon());
      await other.start(strangers.id, soon());
      await other.remove(strangers.id, { keepWorkspace: false }, soon());

      const spec = await world.spec();
      const { id } = spec;
      await backend.create(spec, soon());
      await backend.start(id, soon());
      await backend.pause?.(id, soon());
      await backend.resume?.(id, soon());
      await backend.stop(id, 1_000, soon());
      await backend.remove(id, { keepWorkspace: false }, soon());
      const seen: BackendEvent[] = [];
      for await (const event of stream) {
        if (event.id === id || event.id === strangers.id) seen.push(event);
        if (event.id === id && event.change === "removed") stop.abort();
      }
      const wanted = ["started", ...(backend.pause ? ["paused", "resumed"] : []), "stopped", "removed"];
      // Docker may tell of a quick pause and resume twice.
      expect([...new Set(seen.map(({ change }) => change))]).toEqual(wanted);
      expect(seen.every((event) => event.id === id)).toBe(true);
      expect(seen.find(({ change }) => change === "stopped")?.exitCode).toEqual(expect.any(Number));
    });

    it("neither sees nor touches what another instance made", async () => {
      const { backend } = world;
      const id = await world.running();
      await using other = await world.fixture.open("another");
      expect((await other.list(soon())).map((seen) => seen.id)).not.toContain(id);
      expect(await other.inspect(id, soon())).toBeUndefined();
      await expect(other.exec(id, { argv: ["true"], stdin: false }, soon())).rejects.toMatchObject({
        code: "cave_not_found",
      });
      await other.stop(id, 0, soon());
      await other.remove(id, { keepWorkspace: false }, soon());
      expect((await backend.inspect(id, soon()))?.state).toBe("running");
      expect((await ran(backend, id, "echo here")).stdout).toBe("here\n");
    });

    it("takes up what a backend before it left", async () => {
      const id = await world.running();
      await using next = await world.fixture.open();
      expect((await next.list(soon())).map((seen) => seen.id)).toContain(id);
      expect((await ran(next, id, "echo still here")).stdout).toBe("still here\n");
    });
  });
}
