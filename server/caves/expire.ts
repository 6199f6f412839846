import type { Context } from "../context.ts";
import { messageOf } from "../lib/app-error.ts";
import type { CaveRecord } from "./cave-record.ts";
import { guestOf } from "./guest-of.ts";
import { removeNow } from "./remove.ts";
import { stopNow } from "./stop.ts";
import { lastActivityOf } from "./view.ts";

/** Removes caves whose time is over, and stops those that nobody has used for long. */
export async function expire(ctx: Context): Promise<void> {
  const now = ctx.now();
  for (const record of await ctx.store.caves.due(now)) {
    if (record.expiresAt !== undefined && record.expiresAt <= now) {
      ctx.fleet.tasks.start(`expire ${record.id}`, () => removeNow(ctx, record.id, false));
    } else if (isIdle(ctx, record)) {
      stopIf(ctx, record, "Nothing happened in it for as long as its idle timeout.", isIdle);
    }
  }
}

/** Where the engine does not limit a disk, the gateway looks. A cave just started has this long to be tidied up. */
const tidyMs = 300_000;

/** Stops caves that take more of the disk than they may. */
export async function watchDisks(ctx: Context, signal: AbortSignal): Promise<void> {
  const young = ctx.now().getTime() - tidyMs;
  for (const record of await ctx.store.caves.all("running")) {
    if (ctx.backends.get(record.backend).can.diskLimit) continue;
    if (record.daemon === undefined || (record.startedAt?.getTime() ?? 0) > young) continue;
    try {
      const usedMb = (await guestOf(ctx, record).diskUsage(signal)) / 2 ** 20;
      const { diskMb } = record.limits;
      if (usedMb <= diskMb) continue;
      const used = `It took ${Math.ceil(usedMb)} MB of disk and may take ${diskMb} MB. Raise limits.diskMb, or start it and remove files within five minutes.`;
      stopIf(ctx, record, used, (_ctx, { limits }) => usedMb > limits.diskMb);
    } catch (error) {
      ctx.log.debug({ caveId: record.id, reason: messageOf(error) }, "disk usage is not known");
    }
  }
}

/** Asks again once the cave is ours: somebody may have used, changed or stopped it meanwhile. */
function stopIf(
  ctx: Context,
  { id }: CaveRecord,
  reason: string,
  still: (ctx: Context, record: CaveRecord) => boolean,
): void {
  const { fleet, store } = ctx;
  const lock = fleet.locks.tryHold(id);
  if (lock === undefined) return;
  fleet.tasks.start(`stop ${id}`, async (signal) => {
    using _lock = lock;
    const record = await store.caves.find(id);
    if (record?.state === "running" && still(ctx, record)) await stopNow(ctx, record, reason, signal);
  });
}

function isIdle(ctx: Context, record: CaveRecord): boolean {
  if (record.idleTimeoutMs === undefined) return false;
  return lastActivityOf(record, ctx.fleet.live).at.getTime() + record.idleTimeoutMs <= ctx.now().getTime();
}
