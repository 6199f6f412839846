import { requireScope, type Actor } from "../auth/actor.ts";
import { authenticateAgain } from "../auth/authenticate.ts";
import type { CaveRecord } from "../caves/cave-record.ts";
import { mayUse } from "../caves/owned.ts";
import { caveNotFound } from "../caves/save.ts";
import type { Context } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import type { At } from "./enter.ts";
import type { Pass } from "./passes.ts";
import { scopeOf } from "./scope-of.ts";

/** Somebody at the door of a surface: by a token sent along, by what an earlier visit left, or as anybody. */
export type Visitor = { readonly actor: Actor } | { readonly pass: Pass | undefined };

/** Who they are, if they may come in now. */
export async function admit(
  ctx: Context,
  at: At,
  visitor: Visitor,
): Promise<{ record: CaveRecord; actor: Actor }> {
  const record = await ctx.store.caves.find(at.caveId);
  if ("actor" in visitor) return admitted(record, visitor.actor, at);
  const { pass } = visitor;
  if (pass !== undefined && pass.caveId === at.caveId && pass.surface === String(at.surface)) {
    if (pass.via === "link") {
      const actor = await byLink(ctx, pass.credential, at);
      if (record !== undefined && actor !== undefined) return { record, actor };
    } else {
      const { via, credential: id } = pass;
      const actor = await authenticateAgain(ctx, { via, id }).catch(() => undefined);
      if (actor !== undefined) return admitted(record, actor, at);
    }
  }
  const open =
    typeof at.surface === "number" &&
    (await ctx.store.surfaces.visibility(at.caveId, at.surface)) === "public";
  // A cave that is not there is treated as one that is not public: nobody learns which there are.
  if (record === undefined || !open) throw new AppError("unauthenticated", "This is not open to everybody.");
  return { record, actor: anybody(at) };
}

function admitted(
  record: CaveRecord | undefined,
  actor: Actor,
  at: At,
): { record: CaveRecord; actor: Actor } {
  requireScope(actor, scopeOf(at.surface));
  if (record === undefined || !mayUse(actor, record.ownerId)) throw caveNotFound(at.caveId);
  return { record, actor };
}

async function byLink({ store, now }: Context, id: string, at: At): Promise<Actor | undefined> {
  const link = await store.surfaces.findLink({ id });
  if (link === undefined || link.caveId !== at.caveId || link.port !== at.surface) return undefined;
  const expiresAt = new Date(link.expiresAt);
  return expiresAt <= now()
    ? undefined
    : {
        user: { id: "", name: "link", role: "member" },
        via: "link",
        credential: id,
        scopes: new Set(),
        expiresAt,
      };
}

/** Their credential is the port's being public. */
export function anybody({ caveId, surface }: At): Actor {
  return {
    user: { id: "", name: "anybody", role: "member" },
    via: "public",
    credential: `${caveId}/${surface}`,
    scopes: new Set(),
  };
}
