import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { openAuditLog } from "../../audit/audit-log.ts";
import { createMemoryBackend, type MemoryOptions } from "../../backends/memory/memory-backend.ts";
import { MemoryWorld } from "../../backends/memory/world.ts";
import { parseConfig } from "../../config/config.ts";
import type { Call, Context } from "../../context.ts";
import { openExecutor } from "../../executor/executor.ts";
import { openImages } from "../../images/images.ts";
import { AppError } from "../../lib/app-error.ts";
import { createOngoing } from "../../lib/ongoing.ts";
import { Redacted } from "../../lib/redacted.ts";
import { createMetrics } from "../../metrics/metrics.ts";
import { openVault } from "../../secrets/vault.ts";
import { openStore } from "../../store/open-store.ts";
import { createPasses } from "../../surfaces/passes.ts";
import { createCave, type CreateCaveRequest } from "../create.ts";
import { openFleet } from "../fleet.ts";
import { FakeGuests } from "./fake-guests.ts";
import { Life } from "./life.ts";
import { CreateCave, type Cave, type CreateCaveInput } from "#contract/cave.ts";
import { scopes, type Scope } from "#contract/scopes.ts";

export interface TestGatewayOptions {
  world?: MemoryWorld;
  /** Database file; in memory without. */
  path?: string;
  life?: Life;
  fault?: MemoryOptions["fault"];
  /** images.json. */
  images?: string;
  maxPerUser?: number;
  readyTimeoutMs?: number;
}

export const never = new AbortController().signal;

/** The domain on a made-up engine, with a clock that stands still until it is told. */
export async function openTestGateway(options: TestGatewayOptions = {}) {
  const { life = new Life(), world = new MemoryWorld() } = options;
  const clock = { now: new Date("2030-01-01T00:00:00Z") };
  const now = () => clock.now;
  const log = pino({ level: "silent" });
  const store = await openStore({ path: options.path ?? ":memory:" });
  for (const name of ["ann", "bob"]) {
    if ((await store.accounts.find(name)) !== undefined) continue;
    const createdAt = clock.now.toISOString();
    await store.accounts.insert({ id: `user-${name}`, name, role: "member", disabled: false, createdAt });
  }
  const backend = createMemoryBackend({
    world,
    fault: async (verb, id, when) => {
      await options.fault?.(verb, id, when);
      if (verb !== "image" && verb !== "list" && verb !== "inspect") await life.step();
    },
  });
  const guests = new FakeGuests();
  const config = parseConfig({});
  const caves = {
    ...config.caves,
    stopGraceMs: 0,
    readyTimeoutMs: options.readyTimeoutMs ?? config.caves.readyTimeoutMs,
    maxPerUser: options.maxPerUser ?? config.caves.maxPerUser,
  };
  const keys = {
    secrets: new Redacted([{ id: "key", key: randomBytes(32) }] as const),
    audit: new Redacted(randomBytes(32)),
  };
  const audit = openAuditLog({ store, keys, now, log });
  const metrics = createMetrics();
  const backends = {
    get: (name: string) => {
      if (name === backend.name) return backend;
      throw new AppError("backend_not_found", `There is no backend ${name}.`);
    },
    all: () => [backend],
    [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose](),
  };
  const context: Context = {
    config: { ...config, caves },
    log,
    now,
    metrics,
    store: life.mortal(store),
    vault: await openVault({ store, keys, now }),
    backends,
    executor: await openExecutor({ config, backends, store, metrics, log, now }),
    audit,
    passes: createPasses(new Redacted(randomBytes(32))),
    ongoing: createOngoing(now),
    guests,
    images: openImages({ file: options.images ?? "/nonexistent/images.json", everyMs: 5 }),
    fleet: openFleet({ log, now }),
    [Symbol.asyncDispose]: async () => {
      await context.executor[Symbol.asyncDispose]();
      await context.fleet[Symbol.asyncDispose]();
      context.ongoing[Symbol.dispose]();
      await backend[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };

  const callAs = (name: string, role: "admin" | "member" = "member", granted?: Scope[]): Call => ({
    ...context,
    requestId: "test",
    actor: {
      user: { id: `user-${name}`, name, role },
      via: "token",
      scopes: new Set(
        granted ?? (Object.keys(scopes) as Scope[]).filter((one) => role === "admin" || one !== "admin"),
      ),
    },
  });
  const ann = callAs("ann");

  return {
    context,
    world,
    backend,
    guests,
    store,
    callAs,
    ann,
    advance: (ms: number) => void (clock.now = new Date(clock.now.getTime() + ms)),
    create: (
      input: CreateCaveInput = {},
      request: Partial<CreateCaveRequest> = {},
      call = ann,
    ): Promise<Cave> =>
      createCave(
        call,
        { body: CreateCave.parse({ backend: "memory", ...input }), wait: "ready", ...request },
        never,
      ),
    /** As a kill does: nothing is told to end, only the file is let go. */
    abandon: () => store[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => context[Symbol.asyncDispose](),
  };
}
export type TestGateway = Awaited<ReturnType<typeof openTestGateway>>;
