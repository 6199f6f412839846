"use client";
import { useEffect } from "react";
import { createStore, type Store } from "../../lib/store.ts";
import { followFleet } from "../../live/stream.ts";
import type { Stats } from "#contract/cave.ts";

/** Readings of a cave since its page was opened, an hour at most. */
const kept = 1800;
const stores = new Map<string, Store<readonly Stats[]>>();

export function historyOf(caveId: string): Store<readonly Stats[]> {
  let store = stores.get(caveId);
  if (store === undefined) stores.set(caveId, (store = createStore<readonly Stats[]>([])));
  return store;
}

/** Keeps what the live stream says, so that the panel has a past when it is opened. */
export function useHistoryKept(caveId: string): void {
  useEffect(
    () =>
      followFleet((event) => {
        if (event.type !== "stats" || event.caveId !== caveId) return;
        historyOf(caveId).set((before) => [...before.slice(-(kept - 1)), event.stats]);
      }),
    [caveId],
  );
}
