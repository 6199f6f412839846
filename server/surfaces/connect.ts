import type { Duplex } from "node:stream";
import type { CaveRecord } from "../caves/cave-record.ts";
import { guestOf } from "../caves/guest-of.ts";
import type { Context } from "../context.ts";
import { AppError, isAppError } from "../lib/app-error.ts";
import type { NamedSurface, Surface } from "#contract/surfaces.ts";

/** A byte stream to what a surface is: a port, or the socket of a service, which is started when it is not running. */
export async function connectSurface(
  ctx: Context,
  record: CaveRecord,
  surface: Surface,
  signal: AbortSignal,
): Promise<Duplex> {
  if (typeof surface === "number") return ctx.backends.get(record.backend).dial(record.id, surface, signal);
  const guest = guestOf(ctx, record);
  if (isReady(ctx, record, surface)) {
    try {
      return await guest.connectService(surface, signal);
    } catch (error) {
      if (!isAppError(error, "cave_unreachable")) throw error; // it ended a moment ago
    }
  }
  await startSurface(ctx, record, surface, signal);
  return guest.connectService(surface, signal);
}

export function isReady(
  { fleet }: Pick<Context, "fleet">,
  { id }: CaveRecord,
  surface: NamedSurface,
): boolean {
  return fleet.live.services(id)[surface]?.state === "ready";
}

/** Resolves when it can be used. */
export async function startSurface(
  ctx: Context,
  record: CaveRecord,
  surface: NamedSurface,
  signal: AbortSignal,
): Promise<void> {
  const { state, reason } = await guestOf(ctx, record).startService(surface, signal);
  if (state === "ready") return;
  throw new AppError(
    "cave_unreachable",
    `${titleOf(surface)} did not start${reason === undefined ? "." : `: ${reason}`}`,
  );
}

export function titleOf(surface: Surface): string {
  const names = { terminal: "The terminal", code: "VS Code", desktop: "The desktop", jupyter: "Jupyter" };
  return typeof surface === "number" ? `Port ${surface}` : names[surface];
}
