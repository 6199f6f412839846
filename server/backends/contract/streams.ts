import { once } from "node:events";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { extract, pack } from "tar-stream";
import { describe, expect, it, vi } from "vitest";
import { type Fixture, ran, soon, useFixture } from "./fixture.ts";

export function streamsContract(open: () => Promise<Fixture>): void {
  describe("streams", () => {
    const world = useFixture(open);
    let shared: Promise<string> | undefined;
    const cave = () => (shared ??= world.running());

    it("dials a port of the cave, many times at once", async () => {
      const id = await world.running("alone", { daemonTokenHash: "0".repeat(64) });
      await world.fixture.echo(world.backend, id, 3000);
      const bytes = Buffer.alloc(200_000, "abc");
      const answers = await Promise.all(
        Array.from({ length: 8 }, async () => {
          const stream = await world.backend.dial(id, 3000, soon());
          const answer = buffer(stream);
          stream.end(bytes);
          return answer;
        }),
      );
      for (const answer of answers) expect(answer.equals(bytes)).toBe(true);
    });

    it("says so when nothing listens, and reaches what listens later", async () => {
      const id = await cave();
      await expect(world.backend.dial(id, 3001, soon())).rejects.toMatchObject({ code: "cave_unreachable" });
      await world.fixture.echo(world.backend, id, 3001);
      const stream = await world.backend.dial(id, 3001, soon());
      stream.write("ping");
      expect(String(((await once(stream, "data")) as [Buffer])[0])).toBe("ping");
      stream.destroy();
    });

    it("does not reach a cave that has stopped, and reaches it again when it is back", async () => {
      const { backend, fixture } = world;
      const id = await world.running();
      await fixture.echo(backend, id, 3000);
      (await backend.dial(id, 3000, soon())).destroy();
      await backend.stop(id, 0, soon());
      await expect(backend.dial(id, 3000, soon())).rejects.toMatchObject({ code: "cave_state" });
      await backend.start(id, soon());
      await fixture.echo(backend, id, 3000);
      (await backend.dial(id, 3000, soon())).destroy();
    });

    it("reaches a cave that has no network", async () => {
      const id = await world.running("alone", { network: { mode: "none" }, daemonTokenHash: "0".repeat(64) });
      await world.fixture.echo(world.backend, id, 3000);
      const stream = await world.backend.dial(id, 3000, soon());
      const answer = text(stream);
      stream.end("through a tunnel");
      expect(await answer).toBe("through a tunnel");
      await expect(world.backend.dial(id, 3009, soon())).rejects.toMatchObject({ code: "cave_unreachable" });
    });

    it("gives the cave's own output, all of it or the end of it, also when it has stopped", async () => {
      const { backend } = world;
      const id = await world.running("talks");
      const said = async (how: { tail?: number; sinceMs?: number } = {}) =>
        text(await backend.logs(id, { follow: false, ...how }, soon()));
      await vi.waitFor(async () => expect(await said()).toContain("to stderr"));
      expect((await said()).split("\n").sort()).toEqual(["", "to stderr", "to stdout"]);
      expect((await said({ tail: 1 })).trim()).toMatch(/^to std(?:out|err)$/);
      expect(await said({ tail: 0 })).toBe("");
      expect(await said({ sinceMs: Date.now() + 60_000 })).toBe("");
      await backend.stop(id, 1_000, soon());
      expect(await said()).toContain("to stdout");
    });

    it("follows the output until the cave stops, or the signal says so", async () => {
      const { backend } = world;
      const id = await world.running("talks");
      const all = text(await backend.logs(id, { follow: true }, soon()));
      const stop = new AbortController();
      const cut = await backend.logs(id, { follow: true }, stop.signal);
      cut.on("error", () => undefined).resume();
      stop.abort();
      await vi.waitFor(() => expect(cut.destroyed).toBe(true));
      await backend.stop(id, 1_000, soon());
      expect(await all).toContain("to stderr");
    });

    it("reads what the cave uses", async () => {
      const stats = await world.backend.stats(await cave(), soon());
      expect(stats.memoryLimitBytes).toBe(128 * 2 ** 20);
      expect(stats.memoryBytes).toBeGreaterThan(0);
      expect(stats.memoryBytes).toBeLessThan(stats.memoryLimitBytes);
      expect(stats.pids).toBeGreaterThan(0);
      expect(stats.cpuMs).toBeGreaterThan(0);
    });

    it("puts an archive in as the cave's user and takes one out", async () => {
      const { backend } = world;
      const id = await cave();
      const tar = pack();
      tar.entry({ name: "folder/", type: "directory" });
      tar.entry({ name: "folder/a file", mode: 0o750, uid: 0, gid: 0 }, "its text");
      tar.entry({ name: "link", type: "symlink", linkname: "folder/a file" });
      tar.finalize();
      await backend.putArchive(id, "/workspace/in/here", Readable.from(tar), soon());
      expect(
        (
          await ran(
            backend,
            id,
            'cat in/here/link; test -x "in/here/folder/a file" && test -O in/here/link && echo " is mine"',
          )
        ).stdout,
      ).toBe("its text is mine\n");

      const out = new Map<string, string>();
      const entries = (await backend.getArchive(id, "/workspace/in/here", soon())).pipe(extract());
      for await (const entry of entries) out.set(entry.header.name, await text(entry));
      expect(out.get("./folder/a file")).toBe("its text");
      expect([...out.keys()]).toContain("./link");

      const single = new Map<string, string>();
      for await (const entry of (
        await backend.getArchive(id, "/workspace/in/here/folder/a file", soon())
      ).pipe(extract())) {
        single.set(entry.header.name, await text(entry));
      }
      expect([...single]).toEqual([["a file", "its text"]]);
    });

    it("refuses a path that is not there and an archive that is none", async () => {
      const id = await cave();
      const missing = await world.backend.getArchive(id, "/workspace/not/here", soon());
      await expect(buffer(missing)).rejects.toMatchObject({ code: "file_not_found" });
      await expect(
        world.backend.putArchive(id, "/workspace/bad", Readable.from([Buffer.alloc(2_000, "x")]), soon()),
      ).rejects.toMatchObject({
        code: "bad_request",
      });
    });
  });
}
