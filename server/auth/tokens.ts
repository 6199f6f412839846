import type { Call } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import { newId } from "../lib/new-id.ts";
import { hasScope } from "./actor.ts";
import { hashOf, newToken } from "./credentials.ts";
import type { CreateToken, NewToken, Token } from "#contract/account.ts";

export async function createToken(call: Call, input: CreateToken): Promise<NewToken> {
  const { store, actor, config } = call;
  const tooMuch = input.scopes.find((scope) => !hasScope(actor, scope));
  if (tooMuch !== undefined) {
    throw new AppError("forbidden", `You cannot give the scope ${tooMuch}, because you do not have it.`, {
      details: { scope: tooMuch },
    });
  }
  await store.tokens.prune(call.now());
  if ((await store.tokens.count(actor.user.id)) >= config.tokensPerUser) {
    throw new AppError(
      "limit_reached",
      `You have ${config.tokensPerUser} tokens, which is the most there may be.`,
    );
  }
  const { token, secret } = mintToken(input, call.now());
  await store.tokens.insert(actor.user.id, token, hashOf(secret));
  return { ...token, secret };
}

export function mintToken(input: CreateToken, now: Date): { token: Token; secret: string } {
  return {
    token: {
      id: newId("tok"),
      name: input.name,
      scopes: [...new Set(input.scopes)],
      createdAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + input.expiresInMs).toISOString(),
    },
    secret: newToken(),
  };
}

export async function listTokens({ store, actor }: Call): Promise<{ tokens: Token[] }> {
  return { tokens: await store.tokens.list(actor.user.id) };
}

/** Whatever it has open ends with it. */
export async function revokeToken(call: Call, { id }: { id: string }): Promise<void> {
  if (!(await call.store.tokens.remove(call.actor.user.id, id))) {
    throw new AppError("token_not_found", `You have no token ${id}.`);
  }
  const revoked = new AppError("unauthenticated", "The token was revoked.");
  call.ongoing.end((other) => other.credential === id, revoked, call);
}
