import type { Context } from "../context.ts";
import { messageOf } from "../lib/app-error.ts";
import { bringUp, startServices } from "./bring-up.ts";
import type { CaveRecord } from "./cave-record.ts";
import { finishRemove } from "./finish-remove.ts";
import type { Report } from "./progress.ts";
import { reasonOf } from "./reason-of.ts";
import { save } from "./save.ts";
import { viewOf } from "./view.ts";
import type { Cave } from "#contract/cave.ts";

export interface FinishCreate {
  /** What becomes of a cave that cannot be made: it stays and says why, or whoever waits for it is told and nothing stays. */
  onFailure: "keep" | "remove";
  report?: Report;
  secrets?: Record<string, string>;
  /** The request that is answered with the cave. */
  idempotency?: { ownerId: string; key: string } | undefined;
}

/**
 * From the intent in the store to a running cave. A create that a dead gateway left unfinished comes here again at the next start: the record
 * holds all that was asked for, so the cave is made anew rather than forgotten. The caller holds the cave's lock.
 */
export function finishCreate(ctx: Context, record: CaveRecord, options: FinishCreate): Promise<Cave> {
  const { fleet } = ctx;
  const cancelling = new AbortController();
  const done = fleet.tasks.run(async (lifetime) => {
    try {
      return await attempt(ctx, record, options, AbortSignal.any([lifetime, cancelling.signal]));
    } catch (error) {
      if (lifetime.aborted) throw error; // the next gateway goes on with it
      await undo(ctx, record, options, error, lifetime);
      throw cancelling.signal.aborted ? cancelling.signal.reason : error;
    } finally {
      fleet.creations.delete(record.id);
    }
  });
  fleet.creations.set(record.id, { done, cancel: (reason) => cancelling.abort(reason) });
  return done;
}

async function attempt(
  ctx: Context,
  record: CaveRecord,
  { report, secrets, idempotency }: FinishCreate,
  signal: AbortSignal,
): Promise<Cave> {
  const up = await bringUp(
    ctx,
    record,
    { from: "nothing", ...(report && { report }), ...(secrets && { secrets }) },
    signal,
  );
  const ready = { ...record, ...up, keepWorkspace: false, activityAt: ctx.now() };
  const cave = viewOf(ready, ctx.fleet.live);
  await ctx.store.transaction(async (tx) => {
    await tx.caves.update(record.id, { ...up, keepWorkspace: false, activityAt: ready.activityAt });
    if (idempotency) await tx.idempotency.answer(idempotency.ownerId, idempotency.key, cave);
  });
  ctx.fleet.publish(ready);
  startServices(ctx, ready);
  return cave;
}

async function undo(
  ctx: Context,
  record: CaveRecord,
  { onFailure }: FinishCreate,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  const stateReason = reasonOf(error, "Ghost could not make it.");
  ctx.log.info({ caveId: record.id, reason: messageOf(error) }, "create failed");
  try {
    if (onFailure === "remove") {
      const removing = { state: "removing", desired: "stopped", stateReason } as const;
      await finishRemove(ctx, await save(ctx, record.id, removing), signal);
      return;
    }
    // A record that says failed owns nothing in the engine, so the engine lets go first; until then it is still being created.
    const { keepWorkspace } = record;
    await ctx.backends.get(record.backend).remove(record.id, { keepWorkspace }, signal);
    ctx.guests.drop(record.id);
    await save(ctx, record.id, { state: "failed", desired: "stopped", stateReason });
  } catch (failure) {
    // What is left is in the store as `removing` or `creating`; reconcile goes on with it.
    ctx.log.warn({ caveId: record.id, reason: messageOf(failure) }, "undoing a create failed");
  }
}
