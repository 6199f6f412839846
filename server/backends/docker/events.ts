import type { Readable } from "node:stream";
import { AppError } from "../../lib/app-error.ts";
import type { BackendEvent } from "../backend.ts";
import { getStream } from "./client.ts";
import type { Engine } from "./engine.ts";
import { fold } from "./errors.ts";
import { caveLabel, labelFilter } from "./labels.ts";
import { ndjson } from "./ndjson.ts";

interface EngineEvent {
  Action: string;
  Actor: { ID: string; Attributes: Record<string, string> };
}

const changes: Record<string, BackendEvent["change"]> = {
  start: "started",
  die: "stopped",
  pause: "paused",
  unpause: "resumed",
  destroy: "removed",
  oom: "out-of-memory",
};

/** Opens the engine's event stream for our containers. It is flowing when this resolves. */
export function openEvents(
  engine: Pick<Engine, "docker" | "instance">,
  since: number | undefined,
  signal: AbortSignal,
): Promise<Readable> {
  const filters = { type: ["container"], label: labelFilter(engine.instance), event: Object.keys(changes) };
  return getStream(
    engine.docker,
    "/events",
    { filters: JSON.stringify(filters), ...(since !== undefined && { since: (since / 1000).toFixed(3) }) },
    signal,
  );
}

/** What happens from the moment of the call, even if nobody pulls yet: the engine replays what it missed to send. */
export function events(engine: Engine, signal: AbortSignal): AsyncIterable<BackendEvent> {
  const since = Date.now();
  const until = AbortSignal.any([signal, engine.closing]);
  return {
    async *[Symbol.asyncIterator]() {
      try {
        for await (const event of ndjson(await openEvents(engine, since, until))) {
          const known = read(event as EngineEvent);
          if (known) yield known;
        }
      } catch (error) {
        if (!until.aborted) throw fold(error);
      }
      if (!until.aborted)
        throw new AppError("backend_unavailable", "The Docker engine ended its event stream.");
    },
  };
}

export function read({ Action, Actor }: EngineEvent): BackendEvent | undefined {
  const id = Actor.Attributes[caveLabel];
  const change = changes[Action];
  if (id === undefined || change === undefined) return undefined;
  const exitCode = Number(Actor.Attributes["exitCode"]);
  return { id, change, ...(change === "stopped" && Number.isInteger(exitCode) && { exitCode }) };
}
