import { requireScope } from "../auth/actor.ts";
import type { Call } from "../context.ts";
import { isAppError } from "../lib/app-error.ts";
import type { CaveRecord } from "./cave-record.ts";
import { createCave } from "./create.ts";
import { mayUse } from "./owned.ts";
import { caveNotFound } from "./save.ts";
import { CreateCave } from "#contract/cave.ts";

/** The cave that a caller means who names none: made on first use. Names are everybody's, so it is called after its user. */
export async function defaultCave(call: Call, signal: AbortSignal): Promise<CaveRecord> {
  const { store, actor } = call;
  const name = nameFor(actor.user.name);
  const found = await store.caves.find(name);
  if (found !== undefined && mayUse(actor, found.ownerId)) return found;
  requireScope(actor, "caves:write");
  const made = await createCave(call, { body: CreateCave.parse({ name }), wait: "none" }, signal).catch(
    (error: unknown) => {
      if (isAppError(error, "cave_name_taken")) return undefined; // two asked at once
      throw error;
    },
  );
  const record = await store.caves.find(made?.id ?? name);
  if (record === undefined || !mayUse(actor, record.ownerId)) throw caveNotFound(name);
  return record;
}

/** Users are named as caves are, by letters, digits and single hyphens. */
function nameFor(user: string): string {
  return `default-${user.slice(0, 31)}`.replace(/-$/, "");
}
