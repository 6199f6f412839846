import { actsForAll, requireScope, type Actor } from "../auth/actor.ts";
import type { Call } from "../context.ts";
import type { CaveRecord } from "./cave-record.ts";
import { caveNotFound } from "./save.ts";
import type { Scope } from "#contract/scopes.ts";

/** The cave that a caller means. Somebody else's is not there, as far as they can tell. */
export async function ownedCave(call: Call, ref: string, scope: Scope): Promise<CaveRecord> {
  requireScope(call.actor, scope);
  const record = await call.store.caves.find(ref);
  if (record === undefined || !mayUse(call.actor, record.ownerId)) throw caveNotFound(ref);
  return record;
}

export function mayUse(actor: Actor, ownerId: string): boolean {
  return ownerId === actor.user.id || actsForAll(actor);
}
