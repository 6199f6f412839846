import { lacksDaemon, type CaveRecord } from "./cave-record.ts";
import type { LiveStates } from "./live.ts";
import type { Cave } from "#contract/cave.ts";

/** A cave as callers see it: what is stored, and what is known while it runs. */
export function viewOf(record: CaveRecord, live: LiveStates): Cave {
  const { at, what } = lastActivityOf(record, live);
  const stopsAt =
    record.state === "running" && record.idleTimeoutMs !== undefined
      ? new Date(at.getTime() + record.idleTimeoutMs)
      : undefined;
  const starting = live.starting(record.id);
  return {
    id: record.id,
    name: record.name,
    owner: record.ownerName,
    backend: record.backend,
    image: record.image,
    state: record.state,
    ...(record.stateReason !== undefined && { stateReason: record.stateReason }),
    ...(starting && { starting }),
    limits: record.limits,
    network: record.network,
    env: record.env,
    secrets: record.secrets,
    services: live.services(record.id),
    lacks: lacksOf(record, live),
    ports: live.of(record.id)?.ports ?? [],
    createdAt: record.createdAt.toISOString(),
    lastActivity: { at: at.toISOString(), what },
    ...(record.idleTimeoutMs !== undefined && { idleTimeoutMs: record.idleTimeoutMs }),
    ...(stopsAt && { stopsAt: stopsAt.toISOString() }),
    ...(record.expiresAt && { expiresAt: record.expiresAt.toISOString() }),
  };
}

function lacksOf(record: CaveRecord, live: LiveStates): Cave["lacks"] {
  if (!lacksDaemon(record)) return [];
  return live.of(record.id)?.shell === false ? ["daemon", "shell"] : ["daemon"];
}

export function lastActivityOf(record: CaveRecord, live: LiveStates): { at: Date; what: string } {
  const touch = live.lastTouch(record.id);
  return touch && touch.at > record.activityAt ? touch : { at: record.activityAt, what: record.activityWhat };
}
