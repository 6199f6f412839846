import { pino } from "pino";
import { describe, expect, it, vi } from "vitest";
import { AppError } from "../lib/app-error.ts";
import { backendContract } from "./backend.contract.ts";
import type { Backend } from "./backend.ts";
import { type BackendCall, managed } from "./managed.ts";
import { createMemoryBackend, type MemoryOptions } from "./memory/memory-backend.ts";
import { MemoryWorld } from "./memory/world.ts";

const log = pino({ level: "silent" });
const soon = () => AbortSignal.timeout(5_000);

function wrap(fault?: MemoryOptions["fault"], deadlines?: Parameters<typeof managed>[1]["deadlines"]) {
  const calls: BackendCall[] = [];
  const backend = managed(createMemoryBackend(fault && { fault }), {
    log,
    onCall: (call) => calls.push(call),
    ...(deadlines && { deadlines }),
  });
  return { backend, calls };
}

/** Hangs until the signal of the call says stop. */
const hanging = (): Backend => {
  const never = (signal: AbortSignal) =>
    new Promise<never>((_, reject) =>
      signal.addEventListener("abort", () => reject(new Error("the client's own words"))),
    );
  return { ...createMemoryBackend(), list: never, stop: (_id, _grace, signal) => never(signal) };
};

backendContract("memory, managed", () => {
  const world = new MemoryWorld({
    images: { plain: {}, talks: { daemon: 1, output: "to stdout\nto stderr\n" }, exits: { exits: 1 } },
  });
  return Promise.resolve({
    images: { plain: "plain", talks: "talks", exits: "exits", alone: "plain" },
    open: (instance = "contract") =>
      Promise.resolve(managed(createMemoryBackend({ world, instance }), { log })),
    echo: (_backend, id, port) => {
      world.serve(id, port, (stream) => stream.pipe(stream));
      return Promise.resolve();
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  });
});

describe("managed", () => {
  it("tells how long each call took and how it went", async () => {
    const { backend, calls } = wrap();
    await backend.list(soon());
    await expect(backend.start("cave-x", soon())).rejects.toMatchObject({ code: "cave_not_found" });
    expect(calls).toEqual([
      { backend: "memory", verb: "list", ms: expect.any(Number) as number, ok: true },
      { backend: "memory", verb: "start", ms: expect.any(Number) as number, ok: false },
    ]);
  });

  it("keeps our errors and folds all others into `internal`, with the cause", async () => {
    const stranger = new TypeError("x is not a function");
    const { backend } = wrap(() => {
      throw stranger;
    });
    await expect(backend.list(soon())).rejects.toMatchObject({ code: "internal", cause: stranger });
    const known = new AppError("disk_full", "The engine's disk is full.");
    await expect(wrap(() => Promise.reject(known)).backend.list(soon())).rejects.toBe(known);
  });

  it("ends a verb at its deadline, and grants a stop its grace", async () => {
    const backend = managed(hanging(), { log, deadlines: { list: 20, stop: 20 } });
    await expect(backend.list(soon())).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringContaining("list") as string,
    });
    const started = performance.now();
    await expect(backend.stop("cave-x", 100, soon())).rejects.toMatchObject({ code: "timeout" });
    expect(performance.now() - started).toBeGreaterThanOrEqual(115);
  });

  it("gives the caller's own reason back when it was the caller", async () => {
    const backend = managed(hanging(), { log });
    const stop = new AbortController();
    const listed = backend.list(stop.signal);
    const reason = new Error("the request is gone");
    stop.abort(reason);
    await expect(listed).rejects.toBe(reason);
  });

  it("does not hold a process to the deadline of starting it", async () => {
    const memory = createMemoryBackend();
    const backend = managed(memory, { log, deadlines: { exec: 200 } });
    const image = await backend.image("plain", soon());
    if (!image) throw new Error("no image");
    const limits = { cpus: 1, memoryMb: 64, pids: 16, diskMb: 64 };
    await backend.create(
      { id: "cave-x", name: "x", image, limits, network: { mode: "none" }, env: {} },
      soon(),
    );
    await backend.start("cave-x", soon());
    const running = await backend.exec(
      "cave-x",
      { argv: ["sh", "-c", "sleep 0.4; echo late"], stdin: false },
      soon(),
    );
    let said = "";
    running.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    expect(await running.exit).toEqual({ exitCode: 0 });
    await vi.waitFor(() => expect(said).toBe("late\n"));
    await backend[Symbol.asyncDispose]();
  });

  it("closes once and refuses from then on", async () => {
    const closed = vi.fn(() => Promise.resolve());
    const backend = managed({ ...createMemoryBackend(), [Symbol.asyncDispose]: closed }, { log });
    await backend[Symbol.asyncDispose]();
    await backend[Symbol.asyncDispose]();
    expect(closed).toHaveBeenCalledTimes(1);
    await expect(backend.list(soon())).rejects.toMatchObject({ code: "shutting_down" });
    expect(() => backend.events(soon())).toThrow("closed");
  });

  it("has the optional verbs that its backend has", () => {
    const plain: Backend = createMemoryBackend();
    expect("pause" in managed(plain, { log })).toBe(true);
    delete plain.pause;
    expect("pause" in managed(plain, { log })).toBe(false);
  });
});
