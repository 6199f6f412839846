import { AppError } from "../lib/app-error.ts";
import type { Scope } from "#contract/scopes.ts";

/** Who does something, and what they may do. Made by the doors (API, CLI socket), or `system` for what Ghost does by itself. */
export interface Actor {
  readonly user: { readonly id: string; readonly name: string; readonly role: "admin" | "member" };
  readonly via: "token" | "session" | "link" | "public" | "system";
  /** The token, session or link, so that live sockets can be closed when it ends. */
  readonly credential?: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly expiresAt?: Date;
}

export function hasScope(actor: Actor, scope: Scope): boolean {
  return actor.scopes.has(scope) || actor.scopes.has("admin");
}

export function requireScope(actor: Actor, scope: Scope): void {
  if (!hasScope(actor, scope)) {
    throw new AppError("forbidden", `This needs the scope ${scope}.`, { details: { scope } });
  }
}

/** Admins with the `admin` scope act for everybody; others for themselves. */
export function actsForAll(actor: Actor): boolean {
  return actor.user.role === "admin" && actor.scopes.has("admin");
}
