import type { IncomingHttpHeaders } from "node:http";
import type { Logger } from "pino";
import { AppError } from "../lib/app-error.ts";
import type { Store } from "../store/store.ts";
import type { Actor } from "./actor.ts";
import { hashOf, isToken } from "./credentials.ts";
import { scopesOf } from "./rights.ts";
import { readCookie, sessionEnd } from "./session-cookie.ts";

/** What is asked for who is calling. */
export interface Authenticating {
  readonly store: Pick<Store, "tokens" | "sessions">;
  readonly now: () => Date;
  readonly log: Logger;
}

/** When a use is older than this, the next one is written down. */
const noteEveryMs = 60_000;
const noting = new Set<string>();

/**
 * Who is calling. The store is asked each time, for the credential together with its user, so that what was revoked a moment ago is refused.
 * A request that names a bearer token is judged by that alone.
 */
export async function authenticate(given: Authenticating, headers: IncomingHttpHeaders): Promise<Actor> {
  const { authorization } = headers;
  if (authorization !== undefined) return byToken(given, authorization);
  const cookie = readCookie(headers.cookie);
  if (cookie !== undefined) return bySessionRow(given, { hash: hashOf(cookie) });
  throw new AppError("unauthenticated", "This needs a token or a session.");
}

async function byToken(given: Authenticating, authorization: string): Promise<Actor> {
  const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (secret === undefined || !isToken(secret))
    throw new AppError("unauthenticated", "That is not a Ghost token.");
  return byTokenRow(given, { hash: hashOf(secret) });
}

/** Who has a credential that was used before, as they are now: for what was let in by it and goes on. */
export async function authenticateAgain(
  given: Authenticating,
  { via, id }: { via: "token" | "session"; id: string },
): Promise<Actor> {
  return via === "token" ? byTokenRow(given, { id }) : bySessionRow(given, { id });
}

async function byTokenRow(given: Authenticating, by: { hash: Buffer } | { id: string }): Promise<Actor> {
  const found = await given.store.tokens.find(by);
  const at = given.now();
  if (found === undefined || found.user.disabled || new Date(found.token.expiresAt) <= at) {
    throw new AppError("unauthenticated", "The token is unknown, revoked or expired.");
  }
  const { token, user } = found;
  if (
    at.getTime() - Date.parse(token.lastUsedAt ?? token.createdAt) >= noteEveryMs ||
    token.lastUsedAt === undefined
  ) {
    note(given, token.id, () => given.store.tokens.used(token.id, at));
  }
  const may = scopesOf(user);
  return {
    user,
    via: "token",
    credential: token.id,
    scopes: new Set(token.scopes.filter((scope) => may.includes(scope))),
    expiresAt: new Date(token.expiresAt),
  };
}

async function bySessionRow(given: Authenticating, by: { hash: Buffer } | { id: string }): Promise<Actor> {
  const found = await given.store.sessions.find(by);
  const at = given.now();
  const ends = found && sessionEnd(found.session);
  if (found === undefined || ends === undefined || found.user.disabled || ends <= at) {
    throw new AppError("unauthenticated", "The session has ended.");
  }
  const { session, user } = found;
  if (at.getTime() - session.seenAt.getTime() >= noteEveryMs) {
    note(given, session.id, () => given.store.sessions.seen(session.id, at));
  }
  return { user, via: "session", credential: session.id, scopes: new Set(scopesOf(user)), expiresAt: ends };
}

/** Nobody waits for it, and a full disk does not shut anybody out. */
function note({ log }: Authenticating, id: string, write: () => Promise<void>): void {
  if (noting.has(id)) return;
  noting.add(id);
  void write()
    .catch((error: unknown) =>
      log.warn({ err: error, credential: id }, "the use of a credential was not noted"),
    )
    .finally(() => noting.delete(id));
}
