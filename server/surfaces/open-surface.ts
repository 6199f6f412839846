import { requireScope } from "../auth/actor.ts";
import { hashOf, randomSecret } from "../auth/credentials.ts";
import { lacksDaemon, type CaveRecord } from "../caves/cave-record.ts";
import { mayUse } from "../caves/owned.ts";
import { caveNotFound } from "../caves/save.ts";
import type { Call } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import { originOf } from "./origins.ts";
import { ownPath } from "./own-paths.ts";
import { placeInCode } from "./place-in-code.ts";
import { scopeOf } from "./scope-of.ts";
import type { OpenedSurface, Surface } from "#contract/surfaces.ts";

export interface OpenSurfaceInput {
  cave: string;
  surface: Surface;
  /** Path and query in it. */
  path: string;
}

const ticketMs = 60_000;

/** A URL that lets one browser in. What it gets there is as good as the credential that asked, for as long as that is good. */
export async function openSurface(
  call: Call,
  { cave, surface, path }: OpenSurfaceInput,
  signal: AbortSignal = new AbortController().signal,
): Promise<OpenedSurface> {
  const { actor, store } = call;
  requireScope(actor, scopeOf(surface));
  const record = await store.caves.find(cave);
  if (record === undefined || !mayUse(actor, record.ownerId)) throw caveNotFound(cave);
  refuseWhatItLacks(record, surface);
  const { via, credential } = actor;
  if ((via !== "session" && via !== "token") || credential === undefined)
    throw new AppError("forbidden", "Only a session or a token can open a surface.");
  const secret = randomSecret();
  const expiresAt = new Date(call.now().getTime() + ticketMs);
  const place = surface === "code" ? await placeInCode(call, record, path, signal) : path;
  const ticket = { caveId: record.id, surface: String(surface), via, credential, path: place, expiresAt };
  await store.surfaces.insertTicket(ticket, hashOf(secret));
  return {
    url: `${originOf(call.config, surface, record.id)}${ownPath.enter}?ticket=${secret}`,
    expiresAt: expiresAt.toISOString(),
  };
}

/** A port needs nothing of the image. */
function refuseWhatItLacks(record: CaveRecord, surface: Surface): void {
  if (typeof surface === "number" || !lacksDaemon(record)) return;
  throw new AppError(
    "surface_unavailable",
    `${record.name} has no ${surface}: its image is not built on ghost/cave:base. Its ports can be opened, and commands run in it.`,
  );
}
