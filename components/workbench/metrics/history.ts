"use client";
import { useEffect } from "react";
import { createStore, type Store } from "../../lib/store.ts";
import { followFleet } from "../../live/stream.ts";
import type { Stats } from "#contract/cave.ts";

const keptMs = 3_600_000;
const mostReadings = 1800;
/** Whose page was opened last: their readings go on being kept when it is left. */
const mostCaves = 4;

const stores = new Map<string, Store<readonly Stats[]>>();
let unfollow: (() => void) | undefined;

export function historyOf(caveId: string): Store<readonly Stats[]> {
  const store = stores.get(caveId) ?? createStore<readonly Stats[]>([]);
  // The latest is the last.
  stores.delete(caveId);
  stores.set(caveId, store);
  const [oldest] = stores.keys();
  if (stores.size > mostCaves && oldest !== undefined) stores.delete(oldest);
  return store;
}

/** With one more reading, and without those that are too old to be shown. */
export function withReading(before: readonly Stats[], next: Stats): readonly Stats[] {
  const oldest = Date.parse(next.at) - keptMs;
  const first = before.findIndex(({ at }) => Date.parse(at) >= oldest);
  const rest = first < 0 ? [] : before.slice(Math.max(first, before.length - mostReadings + 1));
  return [...rest, next];
}

/** Keeps what the live stream says, from the first visit on, so that the panel has a past when it is opened. */
export function useHistoryKept(caveId: string): void {
  useEffect(() => {
    historyOf(caveId);
    unfollow ??= followFleet((event) => {
      if (event.type === "removed") stores.delete(event.caveId);
      if (event.type === "stats") stores.get(event.caveId)?.set((before) => withReading(before, event.stats));
    });
  }, [caveId]);
}
