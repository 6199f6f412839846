import type { Logger } from "pino";
import type { Backend } from "../backends/backend.ts";
import type { Backends } from "../backends/open-backends.ts";
import type { Config } from "../config/config.ts";
import { AppError, messageOf } from "../lib/app-error.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Store } from "../store/store.ts";
import { Admission } from "./admission.ts";
import { History } from "./history.ts";
import { imageOf, languages, type Language } from "./languages.ts";
import type { LiveRun } from "./live-run.ts";
import { executorMetrics, type RunMetrics } from "./metrics.ts";
import type { PoolKind } from "./pool.ts";
import { Pools } from "./pools.ts";

/** What runs code: the pools, who waits for a place, the runs under way, and those that have ended. */
export interface Executor extends AsyncDisposable {
  readonly admission: Admission;
  readonly live: Map<string, LiveRun>;
  readonly history: History;
  readonly metrics: RunMetrics;
  /** Throws `unsupported` where no backend makes slots. */
  readonly pools: Pools;
  readonly backend: Backend;
  /** The kind of slot that a run needs. */
  kindOf(language: Language, how: { network: boolean; runtime: string | undefined }): PoolKind;
  /** Somebody uses it: what shall wait is started now rather than later. */
  wake(): void;
}

export interface ExecutorOptions {
  readonly config: Config;
  readonly backends: Backends;
  readonly store: Store;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
}

const sweepMs = 600_000;
const pruneMs = 3_600_000;
const day = 86_400_000;

export async function openExecutor(options: ExecutorOptions): Promise<Executor> {
  const { config, backends, store, now } = options;
  const log = options.log.child({ part: "executor" });
  const { executor: settings } = config;
  await using stack = new AsyncDisposableStack();
  await endUnfinished(store, now());
  const admission = new Admission(settings.concurrency, settings.queue);
  const history = stack.use(new History(store, log));
  const live = new Map<string, LiveRun>();
  const backend = backends.all().find(({ slots }) => slots !== undefined);
  const engine = backend?.slots;
  const pools =
    engine &&
    stack.use(
      new Pools({
        engine,
        log,
        budgetMb: settings.memoryMb,
        waiting: (name) =>
          settings.waiting === "off"
            ? 0
            : (settings.waiting[name] ?? languages.find((one) => one.name === name)?.waiting ?? 0),
        starts: Math.max(1, Math.floor(settings.concurrency / 2)),
        busy: () => admission.running > 0,
      }),
    );
  const closing = new AbortController();
  let awake = false;

  const kindOf: Executor["kindOf"] = (language, { network, runtime = settings.runtime }) => ({
    language,
    network,
    runtime,
  });

  const wake = (): void => {
    if (awake || pools === undefined || backend === undefined) return;
    awake = true;
    void begin(backend, pools, kindOf, closing.signal).catch((error: unknown) => {
      awake = false;
      if (!closing.signal.aborted)
        log.info({ reason: messageOf(error) }, "no containers for runs started ahead");
    });
  };
  const warm = setTimeout(wake, settings.warmAfterMs).unref();
  const sweep = setInterval(() => {
    if (awake) void pools?.sweep(closing.signal).catch(() => undefined);
  }, sweepMs).unref();
  const prune = setInterval(() => {
    const before = new Date(now().getTime() - settings.keptDays * day);
    store.runs.prune(before, settings.keptPerUser).catch((error: unknown) => {
      log.error({ reason: messageOf(error) }, "old runs not removed");
    });
  }, pruneMs).unref();
  stack.defer(async () => {
    closing.abort(new AppError("shutting_down", "Ghost is stopping."));
    for (const timer of [warm, sweep, prune]) clearTimeout(timer);
    for (const run of live.values()) run.cancel();
    await Promise.all([...live.values()].map((run) => run.done));
  });
  const owned = stack.move();
  const missing = () =>
    new AppError("unsupported", "No backend of this gateway can run code in single-use containers.");
  return {
    ...{ admission, live, history, kindOf, wake },
    metrics: executorMetrics(options.metrics.register, { admission, pools: () => pools?.all() ?? [] }),
    get pools() {
      if (pools === undefined) throw missing();
      return pools;
    },
    get backend() {
      if (backend === undefined) throw missing();
      return backend;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Clears away what an earlier gateway has left, and starts what shall wait, for the languages whose images are there. */
async function begin(
  backend: Backend,
  pools: Pools,
  kindOf: Executor["kindOf"],
  signal: AbortSignal,
): Promise<void> {
  await pools.sweep(signal);
  for (const language of languages) {
    if ((await backend.image(imageOf(language), signal)) === undefined) continue;
    pools.of(kindOf(language, { network: false, runtime: undefined }));
    pools.refill();
  }
}

/** A gateway that was killed could not say how these ended; their containers ended with it. */
async function endUnfinished(store: Store, now: Date): Promise<void> {
  for (const run of await store.runs.unfinished()) {
    const reason = "The gateway was stopped before the run had ended.";
    await store.runs.put({
      ...run,
      record: { ...run.record, status: "internal_error", reason, completedAt: now },
    });
  }
}
