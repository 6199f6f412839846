import { hashOf } from "../auth/credentials.ts";
import type { Context } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import type { Pass } from "./passes.ts";
import type { Surface } from "#contract/surfaces.ts";

export interface At {
  readonly caveId: string;
  readonly surface: Surface;
}

/** What a ticket is worth at the door where it is shown. Shown at a wrong one, it is spent all the same: somebody has it who should not. */
export async function enterByTicket(
  { store, now }: Pick<Context, "store" | "now">,
  secret: string,
  { caveId, surface }: At,
): Promise<{ pass: Pass; path: string }> {
  const ticket = await store.surfaces.takeTicket(hashOf(secret));
  if (ticket === undefined || ticket.expiresAt <= now()) {
    throw new AppError("ticket_refused", "This address was used already, or is older than a minute.");
  }
  if (ticket.caveId !== caveId || ticket.surface !== String(surface)) {
    throw new AppError("ticket_refused", "This address opens something else.");
  }
  const { via, credential, path } = ticket;
  return { pass: { caveId, surface: ticket.surface, via, credential }, path };
}

/** A link may be used as often as people like, until it ends or is revoked. */
export async function enterByLink(
  { store, now }: Pick<Context, "store" | "now">,
  secret: string,
  { caveId, surface }: At,
): Promise<Pass> {
  const link = await store.surfaces.findLink({ hash: hashOf(secret) });
  if (
    link === undefined ||
    link.caveId !== caveId ||
    link.port !== surface ||
    new Date(link.expiresAt) <= now()
  ) {
    throw new AppError("ticket_refused", "This link has ended, was revoked, or is for something else.");
  }
  return { caveId, surface: String(surface), via: "link", credential: link.id };
}
