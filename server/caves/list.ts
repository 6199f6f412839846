import { actsForAll, requireScope } from "../auth/actor.ts";
import type { Call } from "../context.ts";
import type { CaveFilter } from "../store/list-caves.ts";
import { viewOf } from "./view.ts";
import type { Cave, CaveState } from "#contract/cave.ts";

export interface ListCaves {
  state?: CaveState | undefined;
  backend?: string | undefined;
  /** A user's name, or `me`. */
  owner?: string | undefined;
  q?: string | undefined;
  sort: CaveFilter["sort"];
  cursor?: string | undefined;
  limit: number;
}

/** From the store alone: what an engine knows better is there within a moment, by its events. */
export async function listCaves(
  call: Call,
  { owner, ...filter }: ListCaves,
  _signal?: AbortSignal,
): Promise<{ caves: Cave[]; nextCursor?: string; total: number }> {
  requireScope(call.actor, "caves:read");
  const own = owner === "me" || !actsForAll(call.actor);
  const { caves, total, next } = await call.store.caves.list({
    ...filter,
    ...(own && { ownerId: call.actor.user.id }),
    ...(owner !== undefined && owner !== "me" && { ownerName: owner }),
  });
  return {
    caves: caves.map((record) => viewOf(record, call.fleet.live)),
    total,
    ...(next !== undefined && { nextCursor: next }),
  };
}
