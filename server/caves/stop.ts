import type { Call, Context } from "../context.ts";
import type { CaveRecord } from "./cave-record.ts";
import { operate } from "./operate.ts";
import { save } from "./save.ts";
import type { Cave } from "#contract/cave.ts";

export function stopCave(call: Call, { cave }: { cave: string }, signal: AbortSignal): Promise<Cave> {
  return operate(call, cave, "stop", signal, (record, lifetime) =>
    stopNow(call, record, undefined, lifetime),
  );
}

/** The wish stays when the engine is away: stopping frees what others may need, so reconcile sees to it later. */
export async function stopNow(
  ctx: Context,
  record: CaveRecord,
  reason: string | undefined,
  signal: AbortSignal,
): Promise<CaveRecord> {
  return finishStop(ctx, await save(ctx, record.id, { desired: "stopped", stateReason: reason }), signal);
}

export async function finishStop(ctx: Context, record: CaveRecord, signal: AbortSignal): Promise<CaveRecord> {
  await ctx.backends.get(record.backend).stop(record.id, ctx.config.caves.stopGraceMs, signal);
  ctx.guests.drop(record.id);
  return save(ctx, record.id, { state: "stopped" });
}
