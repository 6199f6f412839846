import type { Call, Context } from "../context.ts";
import { isAppError } from "../lib/app-error.ts";
import type { CaveRecord } from "./cave-record.ts";
import { guestOf } from "./guest-of.ts";
import { mustMove } from "./lifecycle.ts";
import { ownedCave } from "./owned.ts";
import type { Stats } from "#contract/cave.ts";

export async function caveStats(call: Call, { cave }: { cave: string }, signal: AbortSignal): Promise<Stats> {
  const record = await ownedCave(call, cave, "caves:read");
  mustMove(record, "enter");
  return readStats(call, record, signal);
}

/** One reading at once, then one whenever the cave is sampled, until it no longer runs. */
export async function* followStats(
  call: Call,
  { cave }: { cave: string },
  signal: AbortSignal,
): AsyncGenerator<Stats, void> {
  const record = await ownedCave(call, cave, "caves:read");
  mustMove(record, "enter");
  using subscription = call.fleet.events.subscribe({ cave: record.id }, { figures: true });
  yield await readStats(call, record, signal);
  const ending = AbortSignal.any([signal, call.fleet.tasks.signal]);
  for await (const { event } of subscription.entries(ending)) {
    if (event.type === "stats") yield event.stats;
    else if (event.type === "removed") return;
    else if (event.type === "cave" && event.cave.state !== "running") return;
  }
}

/** Without `cpuPercent`, which takes two readings. */
export async function readStats(ctx: Context, record: CaveRecord, signal: AbortSignal): Promise<Stats> {
  const [figures, diskBytes] = await Promise.all([
    ctx.backends.get(record.backend).stats(record.id, signal),
    diskUsage(ctx, record, signal),
  ]);
  return {
    at: ctx.now().toISOString(),
    ...figures,
    ...(diskBytes !== undefined && { diskBytes }),
    diskLimitBytes: record.limits.diskMb * 2 ** 20,
  };
}

async function diskUsage(ctx: Context, record: CaveRecord, signal: AbortSignal): Promise<number | undefined> {
  if (record.daemon === undefined) return undefined;
  try {
    return await guestOf(ctx, record).diskUsage(signal);
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}
