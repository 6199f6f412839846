import type { QueryClient } from "@tanstack/react-query";
import { cavesKey } from "../caves/api/list-caves.ts";
import { api, GhostError, isCode } from "../lib/api.ts";
import { chunksOf } from "../lib/chunks.ts";
import { createStore } from "../lib/store.ts";
import { sessionEnded } from "../session/api.ts";
import { imagesKey } from "../system/api/images.ts";
import { applyToCaves, applyToImages } from "./apply.ts";
import { addReading, forgetFigures } from "./figures.ts";
import type { Cave } from "#contract/cave.ts";
import { readEvents } from "#contract/event-stream.ts";
import { readError } from "#contract/ghost-error.ts";
import type { FleetEvent, ImageBuild } from "#contract/system.ts";

export type Connection =
  { state: "connecting" | "open" | "resting" } | { state: "lost"; cause: string; tryAt: number };

/** How the one stream of live state is; the line at the top tells when it is lost. */
export const connection = createStore<Connection>({ state: "connecting" });

/** Every event as it comes, for what announces itself (a new port, a new state). */
const followers = new Set<(event: FleetEvent) => void>();
export function followFleet(follower: (event: FleetEvent) => void): () => void {
  followers.add(follower);
  return () => followers.delete(follower);
}

const batchMs = 100;
/** A browser has few connections for one gateway: a tab nobody looks at gives this one back. */
const restAfterMs = 60_000;
/** The gateway says something every 15 s: a longer silence is a connection that nobody told us has ended. */
const silenceMs = 45_000;
const firstTryMs = 500;
const lastTryMs = 20_000;

/** Keeps what pages show up to date until the signal ends it. */
export function startLive(client: QueryClient, signal: AbortSignal): void {
  let lastId: string | undefined;
  let failures = 0;
  let current: AbortController | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;
  const write = batched(client);

  async function connect(): Promise<void> {
    clearTimeout(retry);
    // Asked for twice, as by two presses of a button, it is still one.
    current?.abort();
    const stop = new AbortController();
    current = stop;
    const both = AbortSignal.any([signal, stop.signal]);
    try {
      const headers = lastId === undefined ? {} : { "Last-Event-ID": lastId };
      const { body } = await api.caves.events.stream({ headers }, { signal: both });
      failures = 0;
      connection.set({ state: "open" });
      for await (const { event, data, id } of readEvents(chunksOf(body, silenceMs))) {
        const value: unknown = JSON.parse(data);
        if (event === "error") throw readError(value, 200);
        lastId = id ?? lastId;
        write(value as FleetEvent);
      }
      if (!both.aborted) lost("The gateway ended the connection.");
    } catch (error) {
      if (both.aborted) return;
      if (isCode(error, "unauthenticated")) sessionEnded.set(true);
      else lost(causeOf(error));
    }
  }

  function lost(cause: string): void {
    const wait = Math.min(lastTryMs, firstTryMs * 2 ** failures++) * (0.8 + Math.random() * 0.4);
    connection.set({ state: "lost", cause, tryAt: Date.now() + wait });
    retry = setTimeout(() => void connect(), wait);
  }

  const tryNow = () => {
    if (connection.get().state === "lost") void connect();
  };
  const look = () => {
    clearTimeout(rest);
    if (document.hidden) {
      rest = setTimeout(() => {
        current?.abort();
        clearTimeout(retry);
        connection.set({ state: "resting" });
      }, restAfterMs);
    } else if (connection.get().state === "resting") {
      connection.set({ state: "connecting" });
      void connect();
    }
  };
  const resume = sessionEnded.subscribe(() => {
    if (!sessionEnded.get()) void connect();
  });

  addEventListener("online", tryNow, { signal });
  addEventListener("ghost:try-now", tryNow, { signal });
  document.addEventListener("visibilitychange", look, { signal });
  signal.addEventListener("abort", () => {
    clearTimeout(retry);
    clearTimeout(rest);
    resume();
  });
  look();
  void connect();
}

export const tryNow = (): void => void dispatchEvent(new Event("ghost:try-now"));

function causeOf(error: unknown): string {
  if (!navigator.onLine) return "This device is offline.";
  if (!(error instanceof GhostError)) return "The connection broke off.";
  if (error.code === "unreachable") return "The gateway does not answer.";
  if (error.code === "shutting_down") return "The gateway is restarting.";
  return error.message;
}

/** Events are written to the page's caches a few times a second, however fast they come. */
function batched(client: QueryClient): (event: FleetEvent) => void {
  let waiting: FleetEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    timer = undefined;
    const caves = client.getQueryData<readonly Cave[]>(cavesKey);
    // The list is on its way: what is older in it is put right by these events afterwards.
    if (caves === undefined && client.isFetching({ queryKey: cavesKey }) > 0) {
      timer = setTimeout(flush, batchMs);
      return;
    }
    const events = waiting;
    waiting = [];
    if (caves !== undefined) client.setQueryData(cavesKey, applyToCaves(caves, events));
    const images = client.getQueryData<readonly ImageBuild[]>(imagesKey);
    if (images !== undefined) client.setQueryData(imagesKey, applyToImages(images, events));
    if (events.some(({ type }) => type === "reset")) void client.invalidateQueries({ queryKey: cavesKey });
  }

  return (event) => {
    for (const follower of followers) follower(event);
    if (event.type === "stats") {
      addReading(event.caveId, event.stats);
      return;
    }
    if (event.type === "removed") forgetFigures(event.caveId);
    if (event.type === "cave" && event.cave.state !== "running") forgetFigures(event.cave.id);
    waiting.push(event);
    timer ??= setTimeout(flush, batchMs);
  };
}
