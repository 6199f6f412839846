import type { Context } from "../context.ts";
import { AppError, isAppError, messageOf } from "../lib/app-error.ts";
import { drive, SlotLost } from "./drive.ts";
import type { LiveRun } from "./live-run.ts";
import type { Lease } from "./pools.ts";
import type { RunRecord } from "./run-record.ts";
import { verdictOf } from "./verdict.ts";

type Executing = Pick<Context, "executor" | "log" | "now">;

/** Requests larger than this are run, but not kept. */
const keptInputBytes = 524_288;

/** One run from the queue to its verdict. Never rejects; what kept us from even trying is returned, for whoever waits. */
export async function execute(
  ctx: Executing,
  run: LiveRun,
  runtime: string | undefined,
): Promise<AppError | undefined> {
  const { executor } = ctx;
  let failure: AppError | undefined;
  let record: RunRecord;
  try {
    record = await attempt(ctx, run, runtime);
  } catch (error) {
    if (run.cancelled.aborted) record = { ...run.record, status: "cancelled" };
    else {
      failure = isAppError(error) ? error : new AppError("internal", "The run broke.", { cause: error });
      if (failure.code === "internal")
        ctx.log.error({ run: run.record.id, err: failure.cause ?? failure }, "run broken");
      record = { ...run.record, status: "internal_error", reason: failure.message };
    }
  }
  record = { ...record, completedAt: ctx.now() };
  const small = JSON.stringify(run.input).length <= keptInputBytes;
  executor.live.delete(record.id);
  executor.history.add({ record, input: small ? run.input : undefined, output: run.output.pack() });
  executor.metrics.ended(record);
  run.ends(record);
  return failure;
}

async function attempt(ctx: Executing, run: LiveRun, runtime: string | undefined): Promise<RunRecord> {
  const { executor } = ctx;
  const queuedAt = performance.now();
  using place = await executor.admission.enter(run.record.ownerId, run.cancelled, (place) =>
    run.waitsAt(place),
  );
  const kind = executor.kindOf(run.language, { network: run.input.network, runtime });
  for (let again = false; ; again = true) {
    const lease = await executor.pools.lease(kind, run.cancelled);
    const record = await useLease(ctx, run, lease, queuedAt).catch((error: unknown) => {
      // It died while it waited, before it had heard of the code: another one will do.
      if (again || !(error instanceof SlotLost) || error.began) throw error;
      return undefined;
    });
    if (record === undefined) continue;
    place[Symbol.dispose]();
    executor.pools.refill();
    return record;
  }
}

async function useLease(ctx: Executing, run: LiveRun, lease: Lease, queuedAt: number): Promise<RunRecord> {
  const { warm } = lease;
  let ended = false;
  try {
    await fit(run, lease);
    const queueMs = performance.now() - queuedAt;
    run.starts();
    const { exit, late, ...timings } = await drive({
      warm,
      language: run.language,
      input: run.input,
      onOutput: (stream, atUs, bytes) => run.wrote(stream, atUs, bytes),
      cancelled: run.cancelled,
    });
    ended = !late;
    const { cpuMs, wallMs, memoryPeakBytes, pidsPeak, truncated, stage } = exit;
    return {
      ...run.record,
      ...verdictOf(exit),
      ...{ stage, cpuMs, wallMs, memoryPeakBytes, pidsPeak, truncated, queueMs },
      warm: lease.hit,
      timings: { leaseMs: queueMs, ...timings },
    };
  } finally {
    lease.end(ended ? "ended" : "broken").catch((error: unknown) => {
      ctx.log.warn({ slot: warm.slot.id, reason: messageOf(error) }, "slot not removed");
    });
  }
}

/** Slots wait with the usual limits; others are set before the code is there. */
async function fit({ input, cancelled }: LiveRun, { warm }: Lease): Promise<void> {
  const { limits, slot } = warm;
  const pids = Math.max(limits.pids, input.processes + 8);
  const { cpuMillis, memoryMb } = input;
  if (cpuMillis === limits.cpuMillis && memoryMb === limits.memoryMb && pids === limits.pids) return;
  await slot.update({ cpuMillis, memoryMb, pids }, cancelled);
}
