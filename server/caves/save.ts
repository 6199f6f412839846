import type { Context } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import type { CaveChanges, CaveRecord } from "./cave-record.ts";

/** Writes what has become of a cave, and tells who follows. */
export async function save(ctx: Context, id: string, changes: CaveChanges): Promise<CaveRecord> {
  const record = await ctx.store.caves.update(id, changes);
  if (record === undefined) throw caveNotFound(id);
  if (record.state !== "running" && record.state !== "paused") ctx.fleet.live.end(id);
  ctx.fleet.publish(record);
  return record;
}

export function caveNotFound(ref: string): AppError {
  return new AppError("cave_not_found", `There is no cave ${ref}.`);
}
