import type { Backend, Observed } from "../backends/backend.ts";
import type { Context } from "../context.ts";
import { messageOf } from "../lib/app-error.ts";
import type { CaveRecord } from "./cave-record.ts";
import { finishCreate } from "./finish-create.ts";
import { finishRemove } from "./finish-remove.ts";
import { finishPause, finishResume } from "./pause.ts";
import { repairOf, type Repair } from "./repair.ts";
import { save } from "./save.ts";
import { finishStart } from "./start.ts";
import { finishStop } from "./stop.ts";

export interface Reconcile {
  /** The engine was away since the store was last right about it. */
  engineWasAway: boolean;
}

/**
 * Compares the store with everything of ours that an engine holds, and sets right both. Throws when the engine is away. A cave that is being
 * worked on is left to whoever does. Repairs that take their time go on in the background, where `fleet.tasks` knows them.
 */
export async function reconcile(
  ctx: Context,
  backend: Backend,
  how: Reconcile,
  signal: AbortSignal,
): Promise<void> {
  const held = new Map((await backend.list(signal)).map((observed) => [observed.id, observed]));
  const records = (await ctx.store.caves.all()).filter((record) => record.backend === backend.name);
  const known = new Set(records.map((record) => record.id));
  for (const record of records) {
    const observed = held.get(record.id);
    if (repairOf(record, { observed, ...how }).do !== "nothing") begin(ctx, backend, record.id, how);
  }
  for (const id of held.keys()) if (!known.has(id)) begin(ctx, backend, id, how);
}

function begin(ctx: Context, backend: Backend, id: string, how: Reconcile): void {
  const lock = ctx.fleet.locks.tryHold(id);
  if (lock === undefined) return;
  ctx.fleet.tasks.start(`reconcile ${id}`, async (signal) => {
    using _lock = lock;
    await repairHeld(ctx, backend, id, how, signal);
  });
}

/** One cave, while its lock is held. What was seen before may be over, so store and engine are asked once more. */
export async function repairHeld(
  ctx: Context,
  backend: Backend,
  id: string,
  how: Reconcile,
  signal: AbortSignal,
): Promise<void> {
  const record = await ctx.store.caves.find(id);
  if (record === undefined) {
    await removeOrphan(ctx, backend, id, signal);
    return;
  }
  const observed = await observe(backend, id, record, signal);
  const repair = repairOf(record, { observed, ...how });
  if (repair.do === "nothing") return;
  ctx.log.info(
    { caveId: id, state: record.state, desired: record.desired, observed: observed?.state, repair },
    "repair",
  );
  await carryOut(ctx, record, repair, signal);
}

/** `inspect` knows containers; whether a workspace is left matters only where there is none. */
async function observe(
  backend: Backend,
  id: string,
  { state }: CaveRecord,
  signal: AbortSignal,
): Promise<Observed | undefined> {
  if (state === "creating" || state === "removing") return undefined; // finished whatever there is of it
  const observed = await backend.inspect(id, signal);
  return observed ?? (await backend.list(signal)).find((one) => one.id === id);
}

async function carryOut(
  ctx: Context,
  record: CaveRecord,
  repair: Repair,
  signal: AbortSignal,
): Promise<void> {
  switch (repair.do) {
    case "nothing":
      return;
    case "create":
      // What there is of it was never used by anybody, and may be of an image that we would not choose now.
      await ctx.backends
        .get(record.backend)
        .remove(record.id, { keepWorkspace: record.keepWorkspace }, signal);
      await finishCreate(ctx, record, { onFailure: "keep" }).catch(() => undefined); // told in the record
      return;
    case "remove":
      return finishRemove(ctx, record, signal);
    case "start":
      await finishStart(ctx, record, signal);
      return;
    case "stop":
      await finishStop(ctx, record, signal);
      return;
    case "pause":
      await finishPause(ctx, record, signal);
      return;
    case "resume":
      await finishResume(ctx, record, signal);
      return;
    case "note": {
      const { state, reason } = repair;
      const desired = state === "failed" ? "stopped" : state;
      if (desired === "stopped") ctx.guests.drop(record.id);
      await save(ctx, record.id, { state, desired, stateReason: reason });
    }
  }
}

/** Ours by its labels, and of no cave: what a kill between two steps has left. A workspace that was kept on purpose stays. */
async function removeOrphan(ctx: Context, backend: Backend, id: string, signal: AbortSignal): Promise<void> {
  const removed = await ctx.store.caves.findRemoved(id);
  const keepWorkspace = removed?.workspaceKept ?? false;
  if (keepWorkspace && (await backend.inspect(id, signal))?.kind !== "cave") return;
  ctx.log.info({ caveId: id, keepWorkspace }, "removing an orphan");
  await backend.remove(id, { keepWorkspace }, signal).catch((error: unknown) => {
    ctx.log.warn({ caveId: id, reason: messageOf(error) }, "removing an orphan failed");
  });
}
