import { setMaxListeners } from "node:events";
import { duplexPair } from "node:stream";
import { AppError } from "../../lib/app-error.ts";
import type { Backend, BackendExec, CaveSpec, ExecSpec, Observed } from "../backend.ts";
import { getArchive, putArchive } from "./archive.ts";
import { changes } from "./changes.ts";
import { infoOf } from "./images.ts";
import { log } from "./log.ts";
import { run } from "./run.ts";
import { type MemoryCave, MemoryWorld } from "./world.ts";
import type { Limits } from "#contract/cave.ts";

export type Verb = Exclude<keyof Backend, "name" | "can" | typeof Symbol.asyncDispose>;

export interface MemoryOptions {
  /** Shared by backends that follow each other, as a gateway that was killed and its successor do. Default: one of its own. */
  world?: MemoryWorld;
  name?: string;
  instance?: string;
  /** Called before and after the effect of each verb; what it throws is what the verb throws. */
  fault?: (verb: Verb, id: string | undefined, when: "before" | "after") => void | Promise<void>;
}

export interface MemoryBackend extends Backend {
  readonly world: MemoryWorld;
}

/** Caves without an engine: true in what they say of themselves, quick to make, and without any wall around them. For tests. */
export function createMemoryBackend(options: MemoryOptions = {}): MemoryBackend {
  const { world = new MemoryWorld(), name = "memory", instance = "memory", fault } = options;
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // every connection to a cave listens
  const mine = new Set<BackendExec>();

  async function verb<T>(
    what: Verb,
    id: string | undefined,
    signal: AbortSignal,
    work: () => T | Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    if (!world.reachable) throw new AppError("backend_unavailable", "The memory engine is away.");
    await fault?.(what, id, "before");
    signal.throwIfAborted();
    const result = await work();
    await fault?.(what, id, "after");
    return result;
  }

  const find = (id: string): MemoryCave | undefined => {
    const cave = world.caves.get(id);
    return cave?.instance === instance ? cave : undefined;
  };
  const get = (id: string): MemoryCave => {
    const cave = find(id);
    if (!cave) throw new AppError("cave_not_found", `The engine has no cave ${id}.`);
    return cave;
  };
  const running = (id: string): MemoryCave => {
    const cave = get(id);
    if (cave.state !== "running") throw new AppError("cave_state", "The cave is not running.");
    return cave;
  };

  const exec = async (id: string, spec: ExecSpec, signal: AbortSignal): Promise<BackendExec> => {
    const cave = running(id);
    const home = world.workspace(id);
    const cwd = inside(home, spec.cwd);
    const started = await run(spec, {
      cwd,
      env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: home, ...environment(cave.spec), ...spec.env },
    });
    const end = () => void started[Symbol.asyncDispose]();
    const life = AbortSignal.any([signal, closing.signal]);
    if (life.aborted) end();
    else life.addEventListener("abort", end, { once: true });
    cave.running.add(started);
    mine.add(started);
    const gone = () => {
      life.removeEventListener("abort", end);
      cave.running.delete(started);
      mine.delete(started);
    };
    void started.exit.then(gone, gone);
    return started;
  };

  return {
    name,
    world,
    can: { pause: true, networks: ["open", "none"], diskLimit: false },

    info: async (signal) => {
      await fault?.("info", undefined, "before");
      signal.throwIfAborted();
      const isolation = {
        grade: "reduced" as const,
        notes: ["Processes of memory caves run beside the gateway, confined by nothing."],
      };
      if (!world.reachable)
        return { reachable: false, reason: "The memory engine is away.", runtimes: [], facts: {}, isolation };
      return { reachable: true, version: "1", runtimes: [], facts: { caves: world.caves.size }, isolation };
    },
    image: (ref, signal) =>
      verb("image", undefined, signal, () => {
        const image = world.images.get(ref);
        return image && infoOf(ref, image);
      }),
    pull: (ref, progress, signal) =>
      verb("pull", undefined, signal, () => {
        const image = world.registry.get(ref);
        if (!image) throw new AppError("image_not_found", `No registry has ${ref}.`);
        progress(`Pulling ${ref}`);
        world.images.set(ref, image);
        return infoOf(ref, image);
      }),

    create: (spec, signal) =>
      verb("create", spec.id, signal, () => {
        if (spec.network.mode === "allow")
          throw new AppError("unsupported", "Memory caves have the network modes open and none.");
        if (!world.images.has(spec.image.ref))
          throw new AppError("image_not_found", "The engine has no such image.");
        if (find(spec.id)) return;
        world.caves.set(spec.id, {
          instance,
          spec,
          state: "created",
          log: [],
          running: new Set(),
          ports: new Map(),
        });
        world.volumes.set(spec.id, instance);
      }),
    start: (id, signal) =>
      verb("start", id, signal, async () => {
        const cave = get(id);
        if (cave.state === "running") return;
        if (cave.state === "paused") throw new AppError("cave_state", "The cave is paused.");
        const image = world.images.get(cave.spec.image.ref);
        cave.state = "running";
        cave.startedAt = new Date();
        delete cave.exitCode;
        delete cave.outOfMemory;
        world.tell(cave, { id, change: "started" });
        if (image?.output !== undefined) world.write(cave, image.output);
        if (image?.exits === undefined) return;
        await world.end(id, image.exits);
        throw new AppError(
          "cave_exited",
          `The image's program ended at once, with exit code ${image.exits}.`,
        );
      }),
    stop: (id, _graceMs, signal) =>
      verb("stop", id, signal, () => (find(id) ? world.end(id, 143) : undefined)),
    remove: (id, { keepWorkspace }, signal) =>
      verb("remove", id, signal, async () => {
        const cave = find(id);
        if (cave) {
          await world.end(id, 137);
          world.caves.delete(id);
          world.tell(cave, { id, change: "removed" });
        }
        if (!keepWorkspace && world.volumes.get(id) === instance) world.removeVolume(id);
      }),
    list: (signal) =>
      verb("list", undefined, signal, () => {
        const caves = [...world.caves]
          .filter(([, cave]) => cave.instance === instance)
          .map(([id, cave]) => observed(id, cave));
        const orphans = [...world.volumes].filter(([id, owner]) => owner === instance && !find(id));
        return [...caves, ...orphans.map(([id]): Observed => ({ id, kind: "volume", state: "stopped" }))];
      }),
    inspect: (id, signal) =>
      verb("inspect", id, signal, () => {
        const cave = find(id);
        return cave && observed(id, cave);
      }),
    events: (signal) => changes(world, instance, AbortSignal.any([signal, closing.signal])),

    exec: (id, spec, signal) => verb("exec", id, signal, () => exec(id, spec, signal)),
    dial: (id, port, signal) =>
      verb("dial", id, signal, () => {
        const cave = running(id);
        const handler = cave.ports.get(port) ?? world.ports.get(port);
        if (!handler) throw new AppError("cave_unreachable", `Nothing answers on port ${port} of the cave.`);
        const [ours, theirs] = duplexPair();
        const close = () => ours.destroy();
        closing.signal.addEventListener("abort", close, { once: true });
        ours.once("close", () => closing.signal.removeEventListener("abort", close));
        handler(theirs, cave);
        return ours;
      }),
    logs: (id, how, signal) =>
      verb("logs", id, signal, () => log(world, get(id), how, AbortSignal.any([signal, closing.signal]))),
    stats: (id, signal) =>
      verb("stats", id, signal, () => {
        const cave = running(id);
        return {
          cpuMs: Date.now() - (cave.startedAt?.getTime() ?? 0),
          memoryBytes: 2 ** 20 * (1 + cave.running.size),
          memoryLimitBytes: cave.spec.limits.memoryMb * 2 ** 20,
          pids: 1 + cave.running.size,
          rxBytes: 0,
          txBytes: 0,
        };
      }),
    putArchive: (id, path, tar, signal) =>
      verb("putArchive", id, signal, () =>
        putArchive((spec) => exec(id, spec, signal), inside(world.workspace(id), path), tar, signal),
      ),
    getArchive: (id, path, signal) =>
      verb("getArchive", id, signal, () =>
        getArchive((spec) => exec(id, spec, signal), inside(world.workspace(id), path)),
      ),
    update: (id, limits: Limits, signal) =>
      verb("update", id, signal, () => {
        const cave = get(id);
        cave.spec = { ...cave.spec, limits };
      }),

    pause: (id, signal) =>
      verb("pause", id, signal, () => {
        const cave = get(id);
        if (cave.state === "paused") return;
        running(id);
        cave.state = "paused";
        for (const each of cave.running) each.signal("SIGSTOP");
        world.tell(cave, { id, change: "paused" });
      }),
    resume: (id, signal) =>
      verb("resume", id, signal, () => {
        const cave = get(id);
        if (cave.state === "running") return;
        if (cave.state !== "paused") throw new AppError("cave_state", "The cave is not running.");
        cave.state = "running";
        for (const each of cave.running) each.signal("SIGCONT");
        world.tell(cave, { id, change: "resumed" });
      }),

    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await Promise.all([...mine].map((each) => each[Symbol.asyncDispose]()));
      if (options.world === undefined) await world[Symbol.asyncDispose]();
    },
  };
}

/** Where a path of the cave is on this machine: the workspace is a folder of its own, all else is the machine's. */
function inside(workspace: string, path = "/workspace"): string {
  if (path === "/workspace" || path.startsWith("/workspace/"))
    return workspace + path.slice("/workspace".length);
  return path.startsWith("/") ? path : `${workspace}/${path}`;
}

function environment({ id, name, env }: CaveSpec): Record<string, string> {
  return { ...env, GHOST_CAVE_ID: id, GHOST_CAVE_NAME: name };
}

function observed(id: string, { state, exitCode, outOfMemory, startedAt }: MemoryCave): Observed {
  return {
    id,
    kind: "cave",
    state,
    ...(exitCode !== undefined && { exitCode }),
    ...(outOfMemory !== undefined && { outOfMemory }),
    ...(startedAt && { startedAt }),
  };
}
