import { createHash, randomBytes, randomInt } from "node:crypto";
import { buffer, text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { describe, expect, it, vi } from "vitest";
import type { BackendExec } from "../backend.ts";
import { type Fixture, ran, soon, useFixture } from "./fixture.ts";

export function execContract(open: () => Promise<Fixture>): void {
  describe("exec", () => {
    const world = useFixture(open);
    let shared: Promise<string> | undefined;
    const cave = () => (shared ??= world.running());

    it("gives exit codes and both outputs apart", async () => {
      const result = await ran(world.backend, await cave(), "echo out; echo err >&2; exit 3");
      expect(result).toEqual({ exitCode: 3, stdout: "out\n", stderr: "err\n" });
    });

    it("passes arguments and variables as they are", async () => {
      const odd = `"$HOME" 'single' \\ * \n new line, ünïcode`;
      const argv = ["sh", "-c", 'printf "%s|%s|%s" "$1" "$ODD" "$GREETING"', "sh", odd];
      const running = await world.backend.exec(
        await cave(),
        { argv, env: { ODD: odd }, stdin: false },
        soon(),
      );
      const [said] = await Promise.all([text(running.stdout), text(running.stderr), running.exit]);
      expect(said).toBe(`${odd}|${odd}|hello there`);
    });

    it("begins in the workspace, or where it is told to", async () => {
      const id = await cave();
      await ran(world.backend, id, "mkdir -p deep/er && echo found > deep/er/note");
      expect((await ran(world.backend, id, "cat note", { cwd: "/workspace/deep/er" })).stdout).toBe(
        "found\n",
      );
    });

    it.each([
      ["a program", { argv: ["no-such-program"] }],
      ["a folder", { argv: ["true"], cwd: "/no/such/folder" }],
    ])("ends with 126 or 127 for %s that is not there", async (_, spec) => {
      const running = await world.backend.exec(await cave(), { stdin: false, ...spec }, soon());
      const [out, err, { exitCode }] = await Promise.all([
        text(running.stdout),
        text(running.stderr),
        running.exit,
      ]);
      expect([126, 127]).toContain(exitCode);
      expect(out + err).toMatch(/no such|not found/i);
    });

    it("hands over the exact bytes of a large stdin and gives them back", async () => {
      const bytes = randomBytes(8 * 2 ** 20);
      const running = await world.backend.exec(await cave(), { argv: ["cat"], stdin: true }, soon());
      if (!running.stdin) throw new Error("no stdin");
      running.stderr.resume();
      const [, echoed, { exitCode }] = await Promise.all([
        pipeline([bytes], running.stdin),
        buffer(running.stdout),
        running.exit,
      ]);
      expect(exitCode).toBe(0);
      expect(createHash("sha256").update(echoed).digest("hex")).toBe(
        createHash("sha256").update(bytes).digest("hex"),
      );
    });

    it("survives a process that does not want its input", async () => {
      const running = await world.backend.exec(await cave(), { argv: ["true"], stdin: true }, soon());
      running.stdout.resume();
      running.stderr.resume();
      expect(await running.exit).toEqual({ exitCode: 0 });
      running.stdin?.write("too late");
      running.stdin?.end();
    });

    it("waits for a slow reader instead of collecting", async () => {
      const running = await world.backend.exec(
        await cave(),
        { argv: ["sh", "-c", "yes & echo $! > yes.pid; wait"], stdin: false },
        soon(),
      );
      await vi.waitFor(() => expect(running.stdout.readableLength).toBeGreaterThan(0));
      expect(running.stdout.readableLength).toBeLessThanOrEqual(2 ** 20);
      const before = process.memoryUsage().rss;
      // Long enough for a process that nobody holds back to write hundreds of megabytes.
      await ran(world.backend, await cave(), "i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done");
      expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
      await running[Symbol.asyncDispose]();
    });

    it("gives a terminal that has a size and can be resized", async () => {
      const spec = { argv: ["sh"], tty: { cols: 91, rows: 31 }, stdin: true };
      await using shell = await world.backend.exec(await cave(), spec, soon());
      let screen = "";
      shell.stdout.on("data", (chunk: Buffer) => (screen += chunk.toString()));
      shell.stdin?.write("stty size\n");
      await vi.waitFor(() => expect(screen).toContain("31 91"), 5_000);
      await shell.resize(120, 40);
      shell.stdin?.write("stty size; tty\n");
      await vi.waitFor(() => expect(screen).toContain("40 120"), 5_000);
      await vi.waitFor(() => expect(screen).toMatch(/\/dev\/pts\/\d/), 5_000);
      shell.stdin?.write("exit 7\n");
      expect(await shell.exit).toEqual({ exitCode: 7 });
    });

    /** Starts a process with children, one of them in a session of its own, and waits until all are there. */
    async function family(
      signal: AbortSignal,
    ): Promise<{ running: BackendExec; alive: () => Promise<number> }> {
      const id = await cave();
      const seconds = String(randomInt(100_000, 999_999));
      const script = `sleep ${seconds} & setsid sleep ${seconds} & sh -c 'sleep ${seconds} & wait' & wait`;
      const running = await world.backend.exec(id, { argv: ["sh", "-c", script], stdin: false }, signal);
      const count = `n=0; for f in /proc/[0-9]*/cmdline; do case "$(tr '\\0' ' ' < $f 2>/dev/null)" in "sleep ${seconds} ") n=$((n + 1));; esac; done; echo $n`;
      const alive = async () => Number((await ran(world.backend, id, count)).stdout);
      await vi.waitFor(async () => expect(await alive()).toBe(3), 5_000);
      return { running, alive };
    }

    it("kills the process and all that it started when the signal is aborted", async () => {
      const stop = new AbortController();
      const { running, alive } = await family(stop.signal);
      running.stdout.on("error", () => undefined);
      stop.abort();
      const started = performance.now();
      await running.exit;
      expect(performance.now() - started).toBeLessThan(2_000);
      expect(await alive()).toBe(0);
    });

    it("kills them too when it is disposed of", async () => {
      const { running, alive } = await family(soon());
      await running[Symbol.asyncDispose]();
      expect(await alive()).toBe(0);
      await running[Symbol.asyncDispose]();
    });

    it(
      "stops and is removed although nobody reads what a process of it says",
      { timeout: 15_000 },
      async () => {
        const id = await world.running();
        const running = await world.backend.exec(id, { argv: ["yes"], stdin: false }, soon());
        await vi.waitFor(() => expect(running.stdout.readableLength).toBeGreaterThan(0));
        await world.backend.stop(id, 0, soon());
        expect((await world.backend.inspect(id, soon()))?.state).toBe("stopped");
        await world.backend.start(id, soon());
        const again = await world.backend.exec(id, { argv: ["yes"], stdin: false }, soon());
        await vi.waitFor(() => expect(again.stdout.readableLength).toBeGreaterThan(0));
        await world.backend.remove(id, { keepWorkspace: false }, soon());
        expect((await again.exit).exitCode).not.toBe(0);
      },
    );

    it("ends what runs when the cave stops", async () => {
      const id = await world.running();
      const running = await world.backend.exec(id, { argv: ["sleep", "1000"], stdin: false }, soon());
      running.stdout.resume();
      running.stderr.resume();
      await world.backend.stop(id, 0, soon());
      expect((await running.exit).exitCode).not.toBe(0);
    });
  });
}
