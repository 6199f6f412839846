import type { Backend } from "../../server/backends/backend.ts";
import { createMemoryBackend, type MemoryOptions } from "../../server/backends/memory/memory-backend.ts";
import { MemoryWorld } from "../../server/backends/memory/world.ts";
import type { Guest } from "../../server/guest/guest.ts";
import { startTestServer, type TestServer } from "./test-server.ts";
import {
  defaultLimits,
  type Cave,
  type CreateCaveInput,
  type Limits,
  type ServiceState,
  type Stats,
} from "#contract/cave.ts";

const images = {
  "python:3.12-slim": {},
  "node:24-slim": {},
  "ubuntu:24.04": {},
  "ghost/cave:base": {},
  "ghcr.io/acme/agent-runner:2026.11": {},
};

export interface FleetServer extends TestServer {
  /** The engine behind it: to take it away, or to kill a cave. */
  readonly world: MemoryWorld;
}

/** A gateway whose engine knows a few images and makes caves at once. */
export async function startFleetServer(
  env: Record<string, string> = {},
  options: Pick<MemoryOptions, "fault"> & { inside?: Partial<Guest> } = {},
): Promise<FleetServer> {
  const world = new MemoryWorld({ images });
  const memory = createMemoryBackend({
    name: "docker",
    world,
    ...(options.fault && { fault: options.fault }),
  });
  const started = Date.now();
  const ids: string[] = [];
  // Figures as busy caves have them, instead of the memory backend's own.
  const backend: Backend = {
    ...memory,
    stats: (id) => {
      if (!ids.includes(id)) ids.push(id);
      const spec = world.caves.get(id)?.spec;
      const at = 30 + Math.round((Date.now() - started) / 5000);
      const {
        at: _at,
        cpuPercent = 0,
        diskBytes: _disk,
        ...figures
      } = reading(spec?.limits ?? defaultLimits, ids.indexOf(id), at);
      return Promise.resolve({ ...figures, cpuMs: (at * 5000 * cpuPercent) / 100 });
    },
  };
  return { ...(await startTestServer({ backend, env, inside: options.inside ?? {} })), world };
}

interface Wanted extends CreateCaveInput {
  state?: "stopped" | "paused";
  ports?: readonly [port: number, process: string][];
  activity?: string;
}

const hour = 3_600_000;
const node = "node:24-slim";
const python = "python:3.12-slim";

/** Caves as somebody has them who works with agents all day. */
export const usualFleet: readonly Wanted[] = [
  {
    name: "research-agent",
    image: "ghcr.io/acme/agent-runner:2026.11",
    limits: { memoryMb: 2048 },
    idleTimeoutMs: hour,
    ports: [
      [3000, "node"],
      [5173, "vite"],
    ],
    activity: "desktop",
  },
  {
    name: "checkout-flow",
    image: node,
    limits: { cpus: 4, memoryMb: 8192 },
    idleTimeoutMs: 4 * hour,
    ports: [[8080, "java"]],
    activity: "terminal",
  },
  { name: "etl-nightly", image: python, limits: { memoryMb: 1024 }, activity: "process" },
  {
    name: "docs-preview",
    image: node,
    limits: { memoryMb: 1024 },
    idleTimeoutMs: hour / 15,
    ports: [[4321, "astro"]],
    activity: "port",
  },
  {
    name: "notebook-lab",
    image: python,
    limits: { memoryMb: 4096 },
    ttlMs: 26 * hour,
    ports: [
      [8888, "jupyter-lab"],
      [6006, "tensorboard"],
      [3000, "node"],
      [9229, "node"],
    ],
    activity: "jupyter",
  },
  { name: "migration-test", image: "ubuntu:24.04", state: "paused", activity: "exec" },
  {
    name: "billing-api",
    image: node,
    limits: { memoryMb: 2048 },
    idleTimeoutMs: 2 * hour,
    ports: [[8000, "uvicorn"]],
    activity: "file",
  },
  { name: "scraper", image: python, state: "stopped", activity: "exec" },
  { name: "legacy-php", image: "ubuntu:24.04", state: "stopped", activity: "terminal" },
];

/** Makes them, and what is seen inside them. */
export async function makeFleet(
  ghost: TestServer,
  wanted: readonly Wanted[] = usualFleet,
): Promise<readonly Cave[]> {
  const made: Cave[] = [];
  for (const { state, ports = [], activity = "exec", ...input } of wanted) {
    let cave = await ghost.client.caves.create({ body: input });
    const params = { cave: cave.id };
    if (state === "stopped") cave = await ghost.client.caves.stop({ params });
    if (state === "paused") cave = await ghost.client.caves.pause({ params });
    seen(ghost, cave, ports, activity);
    made.push(cave);
  }
  return made;
}

function seen({ ctx }: TestServer, cave: Cave, ports: readonly [number, string][], what: string): void {
  const { live, events } = ctx.fleet;
  const listening = ports.map(([port, process]) => ({ port, process, address: "0.0.0.0" }));
  live.open(cave.id).ports = listening;
  events.publish(undefined, { type: "ports", caveId: cave.id, ports: listening });
  live.touch(cave.id, { at: ctx.now(), what });
  events.publish(undefined, {
    type: "activity",
    caveId: cave.id,
    activity: { at: ctx.now().toISOString(), what },
  });
}

/** The state of a cave's desktop, as its daemon would tell it. */
export function setDesktop({ ctx }: TestServer, caveId: string, state: ServiceState["state"]): void {
  const services = { desktop: { state, since: ctx.now().toISOString() } };
  ctx.fleet.live.open(caveId).services = services;
  ctx.fleet.events.publish(undefined, { type: "services", caveId, services });
}

/** A while's figures at once, each cave in its own rhythm. */
export function publishFigures({ ctx }: TestServer, caves: readonly Cave[], readings = 30): void {
  caves
    .filter(({ state }) => state === "running")
    .forEach((cave, index) => {
      for (let at = 0; at < readings; at++)
        ctx.fleet.events.publish(undefined, {
          type: "stats",
          caveId: cave.id,
          stats: reading(cave.limits, index, at),
        });
    });
}

function reading(limits: Limits, index: number, at: number): Stats {
  const wave = (speed: number) => (1 + Math.sin(index * 2.1 + at / speed)) / 2;
  const limit = limits.memoryMb * 2 ** 20;
  const busy = [0.5, 0.95, 0.2, 0.06, 0.35][index % 5] ?? 0.1;
  return {
    at: new Date(epoch + at * 5000).toISOString(),
    cpuMs: at * 1000,
    cpuPercent: Math.round(1000 * busy * (0.45 * wave(2) + 0.4 * wave(5) + 0.15)) / 10,
    memoryBytes: Math.round(limit * (0.12 + 0.6 * busy + 0.1 * wave(9))),
    memoryLimitBytes: limit,
    diskBytes: 1.2 * 2 ** 30,
    rxBytes: at * 1000,
    txBytes: at * 500,
    pids: 12,
  };
}

const epoch = Date.now();
