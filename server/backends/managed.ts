import type { Logger } from "pino";
import { AppError, isAppError, messageOf } from "../lib/app-error.ts";
import type { Backend } from "./backend.ts";

export type Verb = Exclude<keyof Backend, "name" | "can" | "slots" | typeof Symbol.asyncDispose>;

export interface BackendCall {
  backend: string;
  verb: Verb;
  ms: number;
  ok: boolean;
}

export interface ManagedOptions {
  log: Logger;
  /** Told of every call when it has settled, for metrics. */
  onCall?: (call: BackendCall) => void;
  /** Overrides of `deadlines`, for tests and slow engines. */
  deadlines?: Partial<Record<Verb, number>>;
}

/**
 * How long a verb may take to answer. For verbs that give a stream or a process that is the time to open it, not its life.
 * Those without a deadline move bytes for as long as their caller wants.
 */
const deadlines: Partial<Record<Verb, number>> = {
  info: 5_000,
  image: 10_000,
  create: 60_000,
  start: 60_000,
  stop: 60_000,
  remove: 60_000,
  list: 30_000,
  inspect: 10_000,
  exec: 30_000,
  dial: 10_000,
  logs: 10_000,
  stats: 10_000,
  getArchive: 30_000,
  update: 30_000,
  pause: 30_000,
  resume: 30_000,
  diskUse: 30_000,
  uninstall: 60_000,
};

/** What every backend needs and none should write again: deadlines, refusal after closing, timing, log lines, and errors of one kind. */
export function managed(backend: Backend, options: ManagedOptions): Backend {
  const log = options.log.child({ backend: backend.name });
  const limits = { ...deadlines, ...options.deadlines };
  let closing: Promise<void> | undefined;

  async function call<T>(
    verb: Verb,
    id: string | undefined,
    caller: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
    extraMs = 0,
  ): Promise<T> {
    if (closing !== undefined) throw new AppError("shutting_down", `The backend ${backend.name} is closed.`);
    caller.throwIfAborted();
    const limit = limits[verb];
    const started = performance.now();
    const settled = (ok: boolean, error?: unknown) => {
      const ms = performance.now() - started;
      options.onCall?.({ backend: backend.name, verb, ms, ok });
      const line = { verb, cave: id, ms: Math.round(ms) };
      if (ok) log.debug(line, "backend call");
      else if (isAppError(error, "internal"))
        log.error({ ...line, err: error.cause ?? error }, "backend call failed");
      else log.info({ ...line, reason: messageOf(error) }, "backend call refused");
    };
    const deadline = new AbortController();
    const timer = limit === undefined ? undefined : setTimeout(() => deadline.abort(), limit + extraMs);
    try {
      const result = await work(timer === undefined ? caller : AbortSignal.any([caller, deadline.signal]));
      settled(true);
      return result;
    } catch (error) {
      const known = fold(error, caller, deadline.signal, verb, backend.name);
      settled(false, known);
      throw known;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    name: backend.name,
    can: backend.can,
    info: (signal) => call("info", undefined, signal, (s) => backend.info(s)),
    image: (ref, signal) => call("image", undefined, signal, (s) => backend.image(ref, s)),
    pull: (ref, progress, signal) => call("pull", undefined, signal, (s) => backend.pull(ref, progress, s)),
    create: (spec, signal) => call("create", spec.id, signal, (s) => backend.create(spec, s)),
    start: (id, signal) => call("start", id, signal, (s) => backend.start(id, s)),
    stop: (id, graceMs, signal) => call("stop", id, signal, (s) => backend.stop(id, graceMs, s), graceMs),
    remove: (id, how, signal) => call("remove", id, signal, (s) => backend.remove(id, how, s)),
    list: (signal) => call("list", undefined, signal, (s) => backend.list(s)),
    inspect: (id, signal) => call("inspect", id, signal, (s) => backend.inspect(id, s)),
    events: (signal) => {
      if (closing !== undefined)
        throw new AppError("shutting_down", `The backend ${backend.name} is closed.`);
      return backend.events(signal);
    },
    exec: (id, spec, signal) => call("exec", id, signal, (s) => backend.exec(id, spec, s)),
    dial: (id, port, signal) => call("dial", id, signal, (s) => backend.dial(id, port, s)),
    logs: (id, how, signal) => call("logs", id, signal, (s) => backend.logs(id, how, s)),
    stats: (id, signal) => call("stats", id, signal, (s) => backend.stats(id, s)),
    putArchive: (id, path, tar, signal) =>
      call("putArchive", id, signal, (s) => backend.putArchive(id, path, tar, s)),
    getArchive: (id, path, signal) => call("getArchive", id, signal, (s) => backend.getArchive(id, path, s)),
    update: (id, to, signal) => call("update", id, signal, (s) => backend.update(id, to, s)),
    ...(backend.pause && {
      pause: (id, signal) => call("pause", id, signal, async (s) => backend.pause?.(id, s)),
    }),
    ...(backend.resume && {
      resume: (id, signal) => call("resume", id, signal, async (s) => backend.resume?.(id, s)),
    }),
    ...(backend.diskUse && {
      diskUse: (signal) =>
        call("diskUse", undefined, signal, (s) => backend.diskUse?.(s) ?? Promise.reject(new Error("gone"))),
    }),
    ...(backend.uninstall && {
      uninstall: (signal) => call("uninstall", undefined, signal, async (s) => backend.uninstall?.(s)),
    }),
    ...(backend.slots && { slots: backend.slots }),
    [Symbol.asyncDispose]: () => (closing ??= Promise.resolve(backend[Symbol.asyncDispose]())),
  };
}

/** The caller's own abort comes back as its own reason; a deadline is `timeout`; a stranger's error is `internal`. */
function fold(error: unknown, caller: AbortSignal, deadline: AbortSignal, verb: Verb, name: string): unknown {
  if (caller.aborted) return caller.reason;
  if (deadline.aborted)
    return new AppError("timeout", `The backend ${name} did not finish \`${verb}\` in time.`, {
      cause: error,
    });
  if (error instanceof AppError) return error;
  return new AppError("internal", `The backend ${name} failed at \`${verb}\`.`, { cause: error });
}
