import { hashOf, randomSecret } from "../auth/credentials.ts";
import type { CaveRecord } from "../caves/cave-record.ts";
import { enterCave } from "../caves/enter.ts";
import { ownedCave } from "../caves/owned.ts";
import type { Call } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import { newId } from "../lib/new-id.ts";
import { originOf } from "./origins.ts";
import { ownPath } from "./own-paths.ts";
import type { ListeningPort } from "#contract/cave.ts";
import {
  reservedPorts,
  type CavePort,
  type NewPortLink,
  type PortLink,
  type PortVisibility,
} from "#contract/surfaces.ts";

const mostShared = 100;
const mostLinks = 100;

interface OnePort {
  cave: string;
  port: number;
}

/** What listens, and what is shared although nothing does. */
export async function listPorts(
  call: Call,
  { cave }: { cave: string },
  signal: AbortSignal,
): Promise<{ ports: CavePort[] }> {
  const { cave: record, guest } = await enterCave(call, { cave, scope: "caves:ports" }, signal);
  const listening = await guest.ports(signal);
  const shared = new Map(
    (await call.store.surfaces.shared(record.id)).map((one) => [one.port, one.visibility]),
  );
  const ports = new Set(
    [...listening.map(({ port }) => port), ...shared.keys()].filter((port) => !reservedPorts.includes(port)),
  );
  return {
    ports: [...ports]
      .sort((a, b) => a - b)
      .map((port) => view(call, record, port, shared.get(port) ?? "private", listening)),
  };
}

/** Whoever came in by what no longer holds is out at once. */
export async function sharePort(
  call: Call,
  { cave, port, visibility }: OnePort & { visibility: PortVisibility },
  _signal?: AbortSignal,
): Promise<CavePort> {
  const record = await ownedCave(call, cave, "caves:ports");
  const { surfaces } = call.store;
  const shared = await surfaces.shared(record.id);
  if (visibility !== "private" && shared.length >= mostShared && !shared.some((one) => one.port === port))
    throw new AppError("limit_reached", `A cave may share ${mostShared} ports.`);
  const links = visibility === "private" ? await surfaces.links(record.id, port) : [];
  await surfaces.share(record.id, port, visibility);
  if (visibility !== "public") endCredential(call, `${record.id}/${port}`);
  for (const { id } of links) endCredential(call, id);
  return view(call, record, port, visibility, call.fleet.live.of(record.id)?.ports ?? []);
}

export async function listLinks(
  call: Call,
  { cave, port }: OnePort,
  _signal?: AbortSignal,
): Promise<{ links: PortLink[] }> {
  const record = await ownedCave(call, cave, "caves:ports");
  const now = call.now();
  const links = await call.store.surfaces.links(record.id, port);
  return {
    links: links
      .filter(({ expiresAt }) => new Date(expiresAt) > now)
      .map(({ id, createdAt, expiresAt }) => ({ id, port, createdAt, expiresAt })),
  };
}

export async function createLink(
  call: Call,
  { cave, port, expiresInMs }: OnePort & { expiresInMs: number },
  signal: AbortSignal,
): Promise<NewPortLink> {
  const record = await ownedCave(call, cave, "caves:ports");
  const { surfaces } = call.store;
  if ((await surfaces.visibility(record.id, port)) === "private")
    await sharePort(call, { cave, port, visibility: "link" }, signal);
  if ((await surfaces.links(record.id, port)).length >= mostLinks)
    throw new AppError("limit_reached", `A port may have ${mostLinks} links. Revoke some.`);
  const now = call.now();
  const link = {
    id: newId("link"),
    port,
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + expiresInMs).toISOString(),
  };
  const secret = randomSecret();
  await surfaces.insertLink({ ...link, caveId: record.id }, hashOf(secret));
  return { ...link, url: `${originOf(call.config, port, record.id)}${ownPath.link}?key=${secret}` };
}

export async function revokeLink(
  call: Call,
  { cave, port, id }: OnePort & { id: string },
  _signal?: AbortSignal,
): Promise<void> {
  const record = await ownedCave(call, cave, "caves:ports");
  if (!(await call.store.surfaces.removeLink(record.id, port, id)))
    throw new AppError("link_not_found", `Port ${port} has no link ${id}.`);
  endCredential(call, id);
}

function endCredential(call: Call, credential: string): void {
  const ended = new AppError("unauthenticated", "What let you in was taken back.");
  call.ongoing.end((actor) => actor.credential === credential, ended, call);
}

function view(
  { config }: Call,
  { id }: CaveRecord,
  port: number,
  visibility: PortVisibility,
  listening: readonly ListeningPort[],
): CavePort {
  const open = listening.find((one) => one.port === port);
  return { ...open, port, listening: open !== undefined, visibility, url: `${originOf(config, port, id)}/` };
}
