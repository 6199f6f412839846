import { requireScope } from "../auth/actor.ts";
import type { Call, Context } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import type { RemovedCave } from "./cave-record.ts";
import { finishRemove } from "./finish-remove.ts";
import { until } from "./keyed-lock.ts";
import { mayUse } from "./owned.ts";
import { caveNotFound, save } from "./save.ts";

export interface RemoveCave {
  cave: string;
  /** A new cave of the same name gets it back. */
  keepWorkspace: boolean;
}

/** Removing again what its owner has removed is no error; by a name it is, because another cave may have it by then. */
export async function removeCave(
  call: Call,
  { cave, keepWorkspace }: RemoveCave,
  signal: AbortSignal,
): Promise<void> {
  requireScope(call.actor, "caves:write");
  const record = await call.store.caves.find(cave);
  if (record && mayUse(call.actor, record.ownerId)) {
    await until(removeNow(call, record.id, keepWorkspace), signal);
    return;
  }
  const removed = record ? undefined : await call.store.caves.findRemoved(cave);
  if (removed === undefined || !mayUse(call.actor, removed.ownerId)) throw caveNotFound(cave);
  if (removed.workspaceKept && !keepWorkspace) await until(removeKept(call, removed), signal);
}

/** Everything that is a user's; before the user is deleted. */
export async function removeCavesOf(
  ctx: Context,
  { ownerId }: { ownerId: string },
  signal: AbortSignal,
): Promise<void> {
  const all = (await ctx.store.caves.all()).filter((record) => record.ownerId === ownerId);
  await until(Promise.all(all.map((record) => removeNow(ctx, record.id, false))), signal);
  for (const removed of await ctx.store.caves.keptOf(ownerId)) await until(removeKept(ctx, removed), signal);
}

/** Calls off whatever still makes it, then removes it. With the engine away it stays `removing`, and reconcile ends it. */
export function removeNow(ctx: Context, id: string, keepWorkspace: boolean): Promise<void> {
  const { fleet, store } = ctx;
  return fleet.tasks.run(async (lifetime) => {
    fleet.creations
      .get(id)
      ?.cancel(new AppError("cave_state", "The cave was removed while it was being made."));
    using _lock = await fleet.locks.hold(id, lifetime);
    if ((await store.caves.find(id)) === undefined) return;
    const removing = {
      state: "removing",
      desired: "stopped",
      stateReason: undefined,
      keepWorkspace,
    } as const;
    await finishRemove(ctx, await save(ctx, id, removing), lifetime);
  });
}

function removeKept(ctx: Context, removed: RemovedCave): Promise<void> {
  const { fleet, store } = ctx;
  return fleet.tasks.run(async (lifetime) => {
    using _lock = await fleet.locks.hold(removed.id, lifetime);
    if ((await store.caves.find(removed.id)) !== undefined) return; // a new cave has it
    await store.caves.insertRemoved({ ...removed, workspaceKept: false });
    await ctx.backends.get(removed.backend).remove(removed.id, { keepWorkspace: false }, lifetime);
  });
}
