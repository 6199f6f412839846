import type { Logger } from "pino";
import type { SlotEngine, SlotSpec } from "../backends/slots.ts";
import { AppError, isAppError, messageOf } from "../lib/app-error.ts";
import { newId } from "../lib/new-id.ts";
import { buildCommand } from "./languages.ts";
import { Pool, type PoolKind } from "./pool.ts";
import { RefillLimit } from "./refill-limit.ts";
import { Uids } from "./uids.ts";
import { WarmSlot } from "./warm-slot.ts";
import { runDefaults } from "#contract/run.ts";

export interface PoolsOptions {
  readonly engine: SlotEngine;
  readonly log: Logger;
  /** Of all slots that wait. */
  readonly budgetMb: number;
  /** How many of a language wait when it is not used. */
  readonly waiting: (language: string) => number;
  /** How many may be started ahead at once. */
  readonly starts: number;
  /** Whether callers' runs go on: then refilling can wait. */
  readonly busy: () => boolean;
}

export interface Lease {
  readonly warm: WarmSlot;
  /** It was waiting. */
  readonly hit: boolean;
  /** Ends its life; resolves when the engine has let go of it. */
  end(how: "ended" | "broken"): Promise<void>;
}

/** The first process counts as one, and an interpreter that is started again meets its own remains. */
const sparePids = 8;
/** While callers' runs go on and enough slots wait, refilling is put off by so much. */
const holdMs = 100;
/** But not for longer than this: a run may last. */
const mostHeldMs = 1_000;
/** A pool that nobody has used for so long loses what use has added to it. */
const idleMs = 60_000;
const mostPerPool = 64;
/** A first process that has reported ends by itself; after so long it is ended. */
const endMs = 2_000;
/** It is booted with these. */
const limits = {
  cpuMillis: runDefaults.cpuMillis,
  memoryMb: runDefaults.memoryMb,
  pids: runDefaults.processes + sparePids,
};

export class Pools implements AsyncDisposable {
  readonly #options: PoolsOptions;
  readonly #pools = new Map<string, Pool>();
  readonly #uids = new Uids();
  readonly #refills: RefillLimit;
  /** Every slot that is ours, from before it is made until it is gone. */
  readonly #known = new Set<string>();
  readonly #closing = new AbortController();
  readonly #work = new Set<Promise<unknown>>();
  #refilling = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #shrink: NodeJS.Timeout;

  constructor(options: PoolsOptions) {
    this.#options = options;
    this.#refills = new RefillLimit(options.starts);
    this.#shrink = setInterval(() => this.#forgetIdle(), idleMs / 4).unref();
  }

  all(): Pool[] {
    return [...this.#pools.values()];
  }

  of(kind: PoolKind): Pool {
    const key = Pool.key(kind);
    let pool = this.#pools.get(key);
    if (!pool) {
      const plain = !kind.network && kind.runtime === undefined;
      pool = new Pool(kind, plain ? this.#options.waiting(kind.language.name) : 0);
      this.#pools.set(key, pool);
    }
    return pool;
  }

  get usedMb(): number {
    return this.all().reduce((sum, pool) => sum + pool.spare * pool.slotMb, 0);
  }

  /** A slot that nobody else ever used or will: one that waits, or the next that gets ready. What is no demand does not change how many wait. */
  async lease(kind: PoolKind, signal: AbortSignal, { demand = true } = {}): Promise<Lease> {
    const pool = this.of(kind);
    const ready = pool.takeReady();
    if (demand) {
      pool.lastUse = performance.now();
      if (ready) pool.hits++;
      else {
        pool.misses++;
        // A network's slots are always made for the one who asked.
        if (!kind.network) pool.target = Math.min(pool.target + 1, mostPerPool);
      }
    }
    const warm = ready ?? (await this.#next(pool, signal));
    pool.active++;
    return {
      warm,
      hit: ready !== undefined,
      end: (how) => {
        pool.active--;
        return this.#track(this.#retire(warm, how));
      },
    };
  }

  /** Starts what is missing, as far as budget and engine allow; called whenever that may have changed. */
  refill(): void {
    if (this.#closing.signal.aborted) return;
    const now = performance.now();
    let later = 0;
    for (const pool of this.all()) {
      while (pool.spare < pool.target && this.#refilling < this.#refills.limit) {
        if (this.usedMb + pool.slotMb > this.#options.budgetMb) break;
        const recent = now - pool.lastUse < mostHeldMs;
        const hold = recent && this.#options.busy() && pool.ready.length * 2 >= pool.target;
        const wait = Math.max(hold ? holdMs : 0, pool.notBefore - now);
        if (wait > 0) {
          later = later === 0 ? wait : Math.min(later, wait);
          break;
        }
        this.#refilling++;
        void this.#track(
          this.#start(pool)
            .finally(() => this.#refilling--)
            .then(() => this.refill()),
        );
      }
    }
    if (later > 0) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.refill(), later).unref();
    }
  }

  /** More or fewer from now on. */
  resize(kind: PoolKind, size: number): void {
    const pool = this.of(kind);
    pool.least = pool.target = size;
    pool.notBefore = 0;
    this.#drop(pool);
    this.refill();
  }

  /** Removes what an earlier gateway has left. */
  async sweep(signal: AbortSignal): Promise<number> {
    return this.#options.engine.sweep(this.#known, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new AppError("shutting_down", "Ghost is stopping."));
    clearInterval(this.#shrink);
    clearTimeout(this.#timer);
    for (const pool of this.all()) {
      pool.target = 0;
      this.#drop(pool);
    }
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
  }

  async #next(pool: Pool, signal: AbortSignal): Promise<WarmSlot> {
    const waiter = Promise.withResolvers<WarmSlot>();
    pool.waiters.push(waiter);
    // Those that are started ahead already will do.
    if (pool.starting < pool.waiters.length) void this.#track(this.#start(pool));
    const leave = () => {
      const at = pool.waiters.indexOf(waiter);
      if (at >= 0) pool.waiters.splice(at, 1);
      waiter.reject(signal.reason as Error);
    };
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await waiter.promise;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  /** Never rejects: who waits is told, and a pool nobody waits for tries again later. */
  async #start(pool: Pool): Promise<void> {
    const { language, network, runtime } = pool.kind;
    const id = newId("slot");
    const uid = this.#uids.take();
    this.#known.add(id);
    pool.starting++;
    const forget = () => {
      this.#known.delete(id);
      this.#uids.give(uid);
    };
    const spec: SlotSpec = {
      id,
      pool: pool.key,
      image: pool.image,
      argv: [
        ...["/ghost/slot", String(uid), String(runDefaults.openFiles), String(runDefaults.processes)],
        String(runDefaults.fileSizeMb * 1_048_576),
        ...(language.boot?.argv ?? []),
      ],
      env: language.boot ? { GHOST_BOOT: "1" } : {},
      uid,
      limits,
      diskMb: language.diskMb,
      network,
      ...(runtime !== undefined && { runtime }),
    };
    try {
      const warm = await WarmSlot.start(this.#options.engine, spec, this.#closing.signal);
      void warm.ended.then(forget);
      pool.failures = 0;
      this.#refills.started(warm.readyInMs);
      const waiter = pool.waiters.shift();
      if (waiter) waiter.resolve(warm);
      else if (pool.ready.length < pool.target && !this.#closing.signal.aborted) {
        pool.ready.push(warm);
        void warm.ended.then(() => this.refill());
      } else await this.#retire(warm, "broken");
    } catch (error) {
      forget();
      pool.failures++;
      pool.notBefore = performance.now() + Math.min(60_000, 500 * 2 ** pool.failures);
      const told = toldOf(pool, error);
      if (!this.#closing.signal.aborted)
        this.#options.log.warn(
          { pool: pool.key, reason: messageOf(told), err: told.cause },
          "slot not started",
        );
      pool.waiters.shift()?.reject(told);
    } finally {
      pool.starting--;
    }
  }

  async #retire(warm: WarmSlot, how: "ended" | "broken"): Promise<void> {
    if (how === "ended") {
      const late = Promise.withResolvers<undefined>();
      const timer = setTimeout(() => late.resolve(undefined), endMs);
      await Promise.race([warm.ended, late.promise]);
      clearTimeout(timer);
    }
    // The engine removes what has ended; only what has not is removed by us.
    if (warm.alive) {
      await warm[Symbol.asyncDispose]().catch((error: unknown) => {
        this.#options.log.warn({ slot: warm.slot.id, reason: messageOf(error) }, "slot not removed");
      });
    }
  }

  #forgetIdle(): void {
    const now = performance.now();
    for (const pool of this.all()) {
      if (pool.target <= pool.least || now - pool.lastUse < idleMs) continue;
      pool.target = Math.max(pool.least, Math.floor(pool.target / 2));
      this.#drop(pool);
    }
  }

  #drop(pool: Pool): void {
    while (pool.ready.length > pool.target) {
      const warm = pool.ready.pop();
      if (warm) void this.#track(this.#retire(warm, "broken"));
    }
  }

  #track<T>(work: Promise<T>): Promise<T> {
    const settled = work.finally(() => this.#work.delete(settled));
    this.#work.add(settled);
    settled.catch(() => undefined);
    return work;
  }
}

function toldOf(pool: Pool, error: unknown): AppError {
  if (isAppError(error, "image_not_found")) {
    const { title } = pool.kind.language;
    return new AppError(
      "language_not_built",
      `${title} is not built here yet. Build it with \`${buildCommand(pool.kind.language)}\`.`,
      { details: { image: pool.image, build: buildCommand(pool.kind.language) } },
    );
  }
  return isAppError(error)
    ? error
    : new AppError("internal", "A container for runs could not be started.", { cause: error });
}
