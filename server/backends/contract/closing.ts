import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import type { Backend } from "../backend.ts";
import { type Fixture, limits, newId, soon, useFixture } from "./fixture.ts";

/** Connections this process holds. */
function connections(): number {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => /^(?:TCPSocketWrap|PipeWrap|ProcessWrap)$/.test(kind)).length;
}

export function closingContract(open: () => Promise<Fixture>): void {
  describe("signals and closing", () => {
    const world = useFixture(open);

    it("does nothing for a signal that is aborted already, and gives its reason", async () => {
      const { backend } = world;
      const spec = await world.spec();
      const reason = new Error("changed my mind");
      const aborted = AbortSignal.abort(reason);
      const id = newId();
      const calls: [string, () => Promise<unknown>][] = [
        ["image", () => backend.image(spec.image.ref, aborted)],
        ["create", () => backend.create(spec, aborted)],
        ["start", () => backend.start(id, aborted)],
        ["stop", () => backend.stop(id, 0, aborted)],
        ["remove", () => backend.remove(id, { keepWorkspace: false }, aborted)],
        ["list", () => backend.list(aborted)],
        ["inspect", () => backend.inspect(id, aborted)],
        ["exec", () => backend.exec(id, { argv: ["true"], stdin: false }, aborted)],
        ["dial", () => backend.dial(id, 80, aborted)],
        ["logs", () => backend.logs(id, { follow: false }, aborted)],
        ["stats", () => backend.stats(id, aborted)],
        ["getArchive", () => backend.getArchive(id, "/workspace", aborted)],
        ["update", () => backend.update(id, limits, aborted)],
      ];
      for (const [verb, call] of calls) await expect(call(), verb).rejects.toBe(reason);
      expect(await backend.inspect(spec.id, soon())).toBeUndefined();
    });

    it("leaves nothing of a cave whose making was given up half-way", async () => {
      const { backend } = world;
      const spec = await world.spec();
      const stop = new AbortController();
      const made = backend.create(spec, stop.signal).then(
        () => "made",
        () => "given up",
      );
      stop.abort();
      if ((await made) === "made") await backend.remove(spec.id, { keepWorkspace: false }, soon());
      await vi.waitFor(
        async () => expect((await backend.list(soon())).filter(({ id }) => id === spec.id)).toEqual([]),
        5_000,
      );
    });

    it("ends its event stream with the signal", async () => {
      const stop = new AbortController();
      const ended = (async () => {
        for await (const _ of world.backend.events(stop.signal));
        return "ended";
      })();
      await world.backend.list(soon());
      stop.abort();
      expect(await ended).toBe("ended");
    });

    it("leaves nothing open when it is closed, and no process running that it began", async () => {
      const id = await world.running("talks");
      const before = connections();
      const backend: Backend = await world.fixture.open();
      await world.fixture.echo(world.backend, id, 3000);
      const held = connections();
      const running = await backend.exec(id, { argv: ["sleep", "54321"], stdin: true }, soon());
      const [stream, lines] = [
        await backend.dial(id, 3000, soon()),
        await backend.logs(id, { follow: true }, soon()),
      ];
      for (const each of [running.stdout, running.stderr, stream, lines])
        each.on("error", () => undefined).resume();
      const events = (async () => {
        for await (const _ of backend.events(soon()));
      })();
      await backend.list(soon());

      await backend[Symbol.asyncDispose]();
      await events;
      expect((await running.exit).exitCode).not.toBe(0);
      if (!stream.closed) await once(stream, "close");
      if (!lines.closed) await once(lines, "close");
      await vi.waitFor(() => expect(connections()).toBeLessThanOrEqual(Math.max(before, held)), 5_000);
      await backend[Symbol.asyncDispose]();
    });
  });
}
