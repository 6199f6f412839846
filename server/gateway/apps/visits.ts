import type { IncomingMessage } from "node:http";
import type { Actor } from "../../auth/actor.ts";
import { authenticate } from "../../auth/authenticate.ts";
import { isToken } from "../../auth/credentials.ts";
import type { CaveRecord } from "../../caves/cave-record.ts";
import { isAppError } from "../../lib/app-error.ts";
import { admit } from "../../surfaces/admit.ts";
import type { At } from "../../surfaces/enter.ts";
import { tooMany, type Door } from "../caller.ts";
import { readPasses } from "./pass-cookie.ts";

/** Somebody who was let in to one surface of one cave. */
export interface Visit {
  readonly record: CaveRecord;
  readonly actor: Actor;
  /** By what the browser sends along whoever wrote the page: then the page has to be looked at too. */
  readonly ambient: boolean;
  /** Their page is in a frame on another site's page: their way in was. */
  readonly framed: boolean;
}

/** Who comes to the host of an app, and may they. Known at once for somebody who has just been here. */
export type Visits = (door: Door, request: IncomingMessage, at: At, ip: string) => Visit | Promise<Visit>;

/** A page loads a hundred files: the store is asked once a second for each visitor. What ends a right ends what is open by itself. */
const rememberMs = 1_000;
const most = 5_000;

export function createVisits(): Visits {
  const known = new Map<string, { visit: Visit; until: number }>();

  return (door, request, at, ip) => {
    const bearer = bearerOf(request);
    if (bearer !== undefined) return visitByToken(door, bearer, at, ip);
    const { cookie = "" } = request.headers;
    const key = `${at.caveId}/${at.surface} ${cookie.includes("ghost_app=") ? cookie : ""}`;
    const now = performance.now();
    const kept = known.get(key);
    if (kept !== undefined && kept.until > now) return kept.visit;
    known.delete(key);
    return visitByPass(door, cookie, at).then((visit) => {
      if (known.size >= most) known.clear();
      if (key.length < 4_096) known.set(key, { visit, until: now + rememberMs });
      return visit;
    });
  };
}

async function visitByToken(door: Door, bearer: string, at: At, ip: string): Promise<Visit> {
  const { ctx } = door;
  const actor = await authenticate(ctx, { authorization: `Bearer ${bearer}` }).catch((error: unknown) => {
    throw (isAppError(error, "unauthenticated") && tooMany(door.failures, ip)) || error;
  });
  return { ...(await admit(ctx, at, { actor })), ambient: false, framed: false };
}

async function visitByPass({ ctx }: Door, cookie: string, at: At): Promise<Visit> {
  const passes = readPasses(ctx.passes, cookie);
  let last: unknown;
  for (const pass of passes.length > 0 ? passes : [undefined]) {
    try {
      const { record, actor } = await admit(ctx, at, { pass });
      return { record, actor, ambient: actor.via !== "public", framed: pass?.framed === true };
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** A program's own way in. `Authorization` is the app's, unless it holds a token of ours. */
function bearerOf({ headers }: IncomingMessage): string | undefined {
  const own = headers["ghost-token"];
  if (typeof own === "string") return own;
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  return bearer !== undefined && isToken(bearer) ? bearer : undefined;
}
