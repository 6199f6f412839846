import { createHash } from "node:crypto";
import { requireScope } from "../auth/actor.ts";
import type { Call } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import { newId } from "../lib/new-id.ts";
import { isTaken } from "../store/sqlite.ts";
import { execute } from "./execute.ts";
import { imageOf, languageOf } from "./languages.ts";
import { LiveRun } from "./live-run.ts";
import { Output } from "./output.ts";
import { limitsOf, viewOf } from "./run-record.ts";
import { chooseRuntime, runtimesOf } from "./runtimes.ts";
import type { Run, RunInput } from "#contract/run.ts";

export interface CreateRun {
  readonly input: RunInput;
  /** Answer when it has ended, or at once. */
  readonly wait: boolean;
  /** The same key with the same request is one run. */
  readonly idempotencyKey?: string | undefined;
  readonly events?: boolean;
}

export interface Begun {
  readonly live: LiveRun;
  /** What kept it from being tried at all, when it has ended. */
  readonly failure: Promise<AppError | undefined>;
}

export async function createRun(call: Call, request: CreateRun, signal: AbortSignal): Promise<Run> {
  requireScope(call.actor, "runs");
  const { idempotencyKey: key, wait, events = false } = request;
  if (key !== undefined) {
    const known = await sameRequest(call, key, request);
    if (known !== undefined) return await replay(call, known, request, signal);
  }
  const begun = await beginRun(call, request.input, signal, key && { key, hash: hashOf(request) }).catch(
    async (error: unknown) => {
      // The same request was quicker by a moment.
      const known =
        key !== undefined && isTaken(error, "run_keys") && (await sameRequest(call, key, request));
      if (!known) throw error;
      return known;
    },
  );
  if (typeof begun === "string") return await replay(call, begun, request, signal);
  const { live, failure } = begun;
  if (!wait) {
    const { executor } = call;
    executor.history.add({ record: live.record, input: live.input, output: Buffer.alloc(0) });
    await executor.history.settled();
    return viewOf(live.record, live.output, events);
  }
  using _leave = key === undefined ? cancelWith(live, signal) : undefined;
  const record = await orAborted(live.done, signal);
  const failed = await failure;
  if (failed) throw failed;
  return viewOf(record, live.output, events);
}

/** Puts a run into the queue. Throws when it cannot be: no such language, not allowed, no place. */
export async function beginRun(
  call: Call,
  input: RunInput,
  signal: AbortSignal,
  idempotency?: { key: string; hash: string } | "",
): Promise<Begun> {
  const { executor, config, actor } = call;
  const language = languageOf(input.language);
  if (input.network && !config.executor.network)
    throw new AppError("unsupported", "This Ghost lets no run into the network.");
  refuseOwnFile(input, language.fileName);
  const { backend } = executor;
  const wanted = input.runtime ?? config.executor.runtime;
  const runtime = await chooseRuntime(backend, wanted, signal);
  executor.wake();
  executor.admission.check();
  const live = new LiveRun(
    {
      id: newId("run"),
      ownerId: actor.user.id,
      language: language.name,
      status: "queued",
      exitCode: null,
      truncated: false,
      ...{ cpuMs: 0, wallMs: 0, queueMs: 0, memoryPeakBytes: 0, pidsPeak: 0 },
      warm: false,
      limits: limitsOf(input),
      image: imageOf(language),
      runtime: runtime ?? (await runtimesOf(backend, signal)).default,
      createdAt: call.now(),
    },
    language,
    input,
  );
  if (idempotency) {
    const { id: runId, ownerId, createdAt } = live.record;
    await call.store.runs.insertKey({
      ownerId,
      key: idempotency.key,
      requestHash: idempotency.hash,
      runId,
      createdAt,
    });
  }
  executor.live.set(live.record.id, live);
  return { live, failure: execute(call, live, runtime) };
}

/** The caller is gone, and nobody else will ask. */
export function cancelWith(live: LiveRun, signal: AbortSignal): Disposable {
  const cancel = () => live.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  return { [Symbol.dispose]: () => signal.removeEventListener("abort", cancel) };
}

export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stop = Promise.withResolvers<never>();
  const abort = () => stop.reject(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work, stop.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function refuseOwnFile(input: RunInput, fileName: string): void {
  const taken = Object.keys(input.files).find((path) => path === fileName || path.startsWith(`${fileName}/`));
  if (taken === undefined) return;
  throw new AppError("invalid_input", `files.${taken}: ${fileName} is what holds the code.`);
}

async function sameRequest(call: Call, key: string, request: CreateRun): Promise<string | undefined> {
  const known = await call.store.runs.findKey(call.actor.user.id, key);
  if (known === undefined) return undefined;
  if (known.requestHash === hashOf(request)) return known.runId;
  throw new AppError("idempotency_conflict", "This Idempotency-Key was used for a different request.");
}

/** The same request again is the same run, also while it goes on. */
async function replay(call: Call, id: string, request: CreateRun, signal: AbortSignal): Promise<Run> {
  const { executor, actor } = call;
  const live = executor.live.get(id);
  if (live) {
    const record = request.wait ? await orAborted(live.done, signal) : live.record;
    return viewOf(record, live.output, request.events);
  }
  const kept = await executor.history.find(actor.user.id, id);
  if (kept) return viewOf(kept.record, Output.unpack(kept.output), request.events);
  // Forgotten, or its gateway died before it had ended: then it is a new one.
  await call.store.runs.removeKey(actor.user.id, id);
  return createRun(call, request, signal);
}

function hashOf({ input, wait }: CreateRun): string {
  const sorted = JSON.stringify({ ...input, wait }, (_key, entry: unknown) =>
    typeof entry === "object" && entry !== null && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  );
  return createHash("sha256").update(sorted).digest("hex");
}
