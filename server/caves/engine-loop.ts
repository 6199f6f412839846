import type { Backend, BackendEvent } from "../backends/backend.ts";
import type { Context } from "../context.ts";
import { messageOf } from "../lib/app-error.ts";
import { BackOff } from "./every.ts";
import { reconcile, repairHeld } from "./reconcile.ts";

/** What an operation of our own causes; whoever runs it writes the truth itself. */
const expected = new Set<BackendEvent["change"]>(["started", "paused", "resumed"]);

/** Keeps the store right about one engine: by what it tells, and by comparing everything whenever it comes back. */
export class EngineLoop {
  readonly #ctx: Context;
  readonly #backend: Backend;
  readonly #signal: AbortSignal;
  readonly #pending = new Set<string>();
  readonly #compared = Promise.withResolvers<undefined>();
  #wasAway = false;

  constructor(ctx: Context, backend: Backend, signal: AbortSignal) {
    this.#ctx = ctx;
    this.#backend = backend;
    this.#signal = signal;
  }

  /** Resolves after the first comparison, or the first attempt at it. */
  get compared(): Promise<unknown> {
    return this.#compared.promise;
  }

  /** Never throws; an engine that is away is tried again within 5 s. */
  async run(): Promise<void> {
    const log = this.#ctx.log.child({ backend: this.#backend.name });
    const backOff = new BackOff(250, 5_000);
    do {
      try {
        const events = this.#backend.events(this.#signal)[Symbol.asyncIterator]();
        const first = events.next(); // listens before everything is compared, so that nothing falls between
        first.catch(() => undefined);
        await this.reconcile();
        this.#compared.resolve(undefined);
        backOff.reset();
        for (let next = await first; !next.done; next = await events.next()) this.#heed(next.value);
      } catch (error) {
        this.#compared.resolve(undefined);
        if (this.#signal.aborted) return;
        if (!this.#wasAway) log.warn({ reason: messageOf(error) }, "the engine is away");
        this.#wasAway = true;
      }
    } while (await backOff.wait(this.#signal));
  }

  async reconcile(): Promise<void> {
    await reconcile(this.#ctx, this.#backend, { engineWasAway: this.#wasAway }, this.#signal);
    this.#wasAway = false;
  }

  #heed({ id, change }: BackendEvent): void {
    const { fleet } = this.#ctx;
    if (this.#pending.has(id) || (expected.has(change) && fleet.locks.isHeld(id))) return;
    this.#pending.add(id);
    fleet.tasks.start(`heed ${id}`, async (signal) => {
      using _lock = await fleet.locks.hold(id, signal).finally(() => this.#pending.delete(id));
      // Gone from the store: the last event of a removal. What is left of it by mistake is found when everything is compared.
      if ((await this.#ctx.store.caves.find(id)) === undefined) return;
      await repairHeld(this.#ctx, this.#backend, id, { engineWasAway: false }, signal);
    });
  }
}
