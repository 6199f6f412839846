import type { Context } from "../context.ts";
import type { CaveRecord } from "./cave-record.ts";

/** The second half of every removal, and of undoing what could not be made: the engine lets go first, then the store. May be done again. */
export async function finishRemove(ctx: Context, record: CaveRecord, signal: AbortSignal): Promise<void> {
  const { id, ownerId, name, backend, keepWorkspace } = record;
  await ctx.backends.get(backend).remove(id, { keepWorkspace }, signal);
  ctx.guests.drop(id);
  await ctx.store.transaction(async (tx) => {
    await tx.caves.remove(id);
    await tx.caves.insertRemoved({
      id,
      ownerId,
      name,
      backend,
      workspaceKept: keepWorkspace,
      removedAt: ctx.now(),
    });
    await tx.idempotency.removeUnanswered(id);
  });
  ctx.fleet.live.forget(id);
  ctx.fleet.events.publish(ownerId, { type: "removed", caveId: id });
}
