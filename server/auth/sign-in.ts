import type { Call, Context } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import { newId } from "../lib/new-id.ts";
import { hashOf, randomSecret } from "./credentials.ts";
import { scopesOf } from "./rights.ts";
import { clearedCookie, sessionEnd, writeCookie } from "./session-cookie.ts";
import type { Me } from "#contract/account.ts";

const ticketMs = 3_600_000;

/** An address that signs its first visitor in as the user. The ticket is in the fragment, which no server and no log ever sees. */
export async function issueSignInUrl(
  { store, config, now }: Pick<Context, "store" | "config" | "now">,
  userId: string,
): Promise<string> {
  const ticket = randomSecret();
  await store.accounts.insertTicket({
    hash: hashOf(ticket),
    userId,
    expiresAt: new Date(now().getTime() + ticketMs),
  });
  return `${config.url}/sign-in#ticket=${ticket}`;
}

export async function signIn(
  { store, now }: Context,
  { ticket }: { ticket: string },
): Promise<{ me: Me; cookie: string }> {
  const at = now();
  const user = await store.accounts.takeTicket(hashOf(ticket), at);
  if (user === undefined || user.disabled) {
    throw new AppError("sign_in_expired", "This sign-in link was used already, or is older than an hour.");
  }
  const secret = randomSecret();
  await store.sessions.insert({ id: newId("ses"), userId: user.id, hash: hashOf(secret), at });
  const expiresAt = sessionEnd({ createdAt: at, seenAt: at }).toISOString();
  return {
    me: { user, via: "session", scopes: [...scopesOf(user)], expiresAt },
    cookie: writeCookie(secret),
  };
}

/** Ends the session and all that it has open. A token is not signed out but revoked. */
export async function signOut(call: Call): Promise<{ cookie: string }> {
  const { via, credential } = call.actor;
  if (via === "session" && credential !== undefined) {
    await call.store.sessions.remove(credential);
    const ended = new AppError("unauthenticated", "The session has ended.");
    call.ongoing.end((other) => other.credential === credential, ended, call);
  }
  return { cookie: clearedCookie };
}

export async function whoAmI({ store, actor }: Call): Promise<Me> {
  const user = await store.accounts.find(actor.user.name);
  const { via } = actor;
  if (user === undefined || (via !== "token" && via !== "session"))
    throw new AppError("unauthenticated", "The user is gone.");
  return {
    user,
    via,
    scopes: [...actor.scopes],
    ...(actor.expiresAt && { expiresAt: actor.expiresAt.toISOString() }),
  };
}
