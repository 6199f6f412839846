import type { IncomingMessage } from "node:http";
import { requireScope, type Actor } from "../auth/actor.ts";
import { authenticate } from "../auth/authenticate.ts";
import type { Failures } from "../auth/failures.ts";
import { requireSameOrigin } from "../auth/same-origin.ts";
import type { Context } from "../context.ts";
import { AppError, isAppError } from "../lib/app-error.ts";
import type { Access } from "#contract/endpoint.ts";

/** Whoever calls what everybody may. */
export const nobody: Actor = {
  user: { id: "", name: "anonymous", role: "member" },
  via: "system",
  scopes: new Set(),
};

export interface Door {
  readonly ctx: Context;
  readonly failures: Failures;
}

/** Who calls: one road for requests and upgrades. */
export async function identify(
  { ctx, failures }: Door,
  request: IncomingMessage,
  given: { access: Access; changes: boolean; origin: string; ip: string },
): Promise<Actor> {
  const { headers } = request;
  if (given.access === "public") {
    const fromBrowser = headers["sec-fetch-site"] !== undefined || headers.origin !== undefined;
    if (given.changes && fromBrowser) requireSameOrigin(headers, given.origin);
    return nobody;
  }
  const actor = await authenticate(ctx, headers).catch((error: unknown) => {
    if (isAppError(error, "unauthenticated") && isAttempt(headers))
      throw tooMany(failures, given.ip) ?? error;
    throw error;
  });
  if (actor.via === "session" && given.changes) requireSameOrigin(headers, given.origin);
  return actor;
}

export function permit(actor: Actor, access: Access): void {
  if (access !== "public" && access !== "signed-in") requireScope(actor, access);
}

/** The error for an address that has sent too many wrong credentials. */
export function tooMany(failures: Failures, ip: string): AppError | undefined {
  const retryAfter = failures.add(ip);
  if (retryAfter === undefined) return undefined;
  return new AppError("too_many_requests", "Too many wrong credentials came from this address.", {
    details: { retryAfter },
  });
}

const isAttempt = (headers: IncomingMessage["headers"]) =>
  headers.authorization !== undefined || headers.cookie?.includes("ghost_session=") === true;
