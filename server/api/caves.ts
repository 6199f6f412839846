import { createCave, type CreateCaveRequest } from "../caves/create.ts";
import { fleetEvents } from "../caves/events.ts";
import { getCave } from "../caves/get.ts";
import { listCaves } from "../caves/list.ts";
import { caveLogs } from "../caves/logs.ts";
import { patchCave } from "../caves/patch.ts";
import { pauseCave, resumeCave } from "../caves/pause.ts";
import { removeCave } from "../caves/remove.ts";
import { restartCave } from "../caves/restart.ts";
import { startCave } from "../caves/start.ts";
import { caveStats, followStats } from "../caves/stats.ts";
import { stopCave } from "../caves/stop.ts";
import type { Call } from "../context.ts";
import { headerOf } from "./conditions.ts";
import type { Event, Handlers } from "./handler.ts";
import { linesOf } from "./lines.ts";
import { eventsWhile, map } from "./streams.ts";
import type { Cave, Progress } from "#contract/cave.ts";

export const caves: Handlers["caves"] = {
  create: {
    json: (call, input, signal) => createCave(call, createRequest(input), signal),
    events: (call, input, signal) => createEvents(call, createRequest(input), signal),
  },
  list: (call, { query }, signal) => listCaves(call, query, signal),
  get: (call, { params }, signal) => getCave(call, params, signal),
  patch: (call, { params, body }, signal) => patchCave(call, { ...params, patch: body }, signal),
  remove: (call, { params, query }, signal) => removeCave(call, { ...params, ...query }, signal),
  start: (call, { params }, signal) => startCave(call, params, signal),
  stop: (call, { params }, signal) => stopCave(call, params, signal),
  restart: (call, { params }, signal) => restartCave(call, params, signal),
  pause: (call, { params }, signal) => pauseCave(call, params, signal),
  resume: (call, { params }, signal) => resumeCave(call, params, signal),
  logs: {
    text: (call, { params, query }, signal) => caveLogs(call, { ...params, ...query }, signal),
    events: async (call, { params, query }, signal) =>
      map(linesOf(await caveLogs(call, { ...params, ...query }, signal)), (data) => ({
        event: "line",
        data,
      })),
  },
  stats: {
    json: (call, { params }, signal) => caveStats(call, params, signal),
    events: (call, { params }, signal) =>
      map(followStats(call, params, signal), (data) => ({ event: "stats", data })),
  },
  events: (call, { headers }, signal) =>
    map(fleetEvents(call, { lastEventId: headerOf(headers, "last-event-id") }, signal), ({ id, event }) => ({
      event: "message",
      id,
      data: event,
    })),
};

function createRequest(input: {
  body: CreateCaveRequest["body"];
  query: Pick<Required<CreateCaveRequest>, "wait" | "onFailure">;
  headers: NodeJS.Dict<string | string[]>;
}): CreateCaveRequest {
  const idempotencyKey = headerOf(input.headers, "idempotency-key");
  return {
    body: input.body,
    ...input.query,
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}

type CreateEvent = Event<"progress", Progress> | Event<"cave", Cave>;

function createEvents(
  call: Call,
  request: CreateCaveRequest,
  signal: AbortSignal,
): AsyncIterable<CreateEvent> {
  return eventsWhile<CreateEvent>(async (emit) => {
    const onProgress = (data: Progress) => emit({ event: "progress", data });
    emit({ event: "cave", data: await createCave(call, { ...request, onProgress }, signal) });
  });
}
