import type { Call, Context } from "../context.ts";
import { isAppError, messageOf } from "../lib/app-error.ts";
import { bringUp, startServices } from "./bring-up.ts";
import type { CaveRecord } from "./cave-record.ts";
import { operate } from "./operate.ts";
import { reasonOf } from "./reason-of.ts";
import { save } from "./save.ts";
import type { Cave } from "#contract/cave.ts";

export function startCave(call: Call, { cave }: { cave: string }, signal: AbortSignal): Promise<Cave> {
  return operate(call, cave, "start", signal, async (record, lifetime) => {
    return finishStart(call, await save(call, record.id, { desired: "running" }), lifetime);
  });
}

/** From a durable wish to run to running. A cave that the engine has lost is made again around its workspace. */
export async function finishStart(
  ctx: Context,
  record: CaveRecord,
  signal: AbortSignal,
): Promise<CaveRecord> {
  try {
    const up = await bringUp(ctx, record, { from: "stopped" }, signal);
    const started = await save(ctx, record.id, { ...up, activityAt: ctx.now(), activityWhat: "started" });
    startServices(ctx, started);
    return started;
  } catch (error) {
    if (!signal.aborted) await giveUp(ctx, record, error, signal);
    throw error;
  }
}

/** The caller is told that it did not start, so nothing may start it later. */
async function giveUp(ctx: Context, record: CaveRecord, error: unknown, signal: AbortSignal): Promise<void> {
  if (isAppError(error, "backend_unavailable")) {
    await save(ctx, record.id, { desired: "stopped" });
    return;
  }
  const stateReason = reasonOf(error, "Ghost could not start it.");
  const failed = await save(ctx, record.id, { state: "failed", desired: "stopped", stateReason });
  await ctx.backends
    .get(failed.backend)
    .stop(failed.id, 0, signal)
    .catch((failure: unknown) => {
      ctx.log.warn(
        { caveId: failed.id, reason: messageOf(failure) },
        "stopping a cave that did not start failed",
      );
    });
}
