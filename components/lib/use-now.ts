"use client";
import { useSyncExternalStore } from "react";

/** One clock for the whole page: everything relative moves together, once a second, and not at all while nobody looks. */
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  // Nobody wound it up meanwhile.
  if (listeners.size === 0) now = Date.now();
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (document.hidden) return;
    now = Date.now();
    for (const one of listeners) one();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time, a second old at most; `everyMs` makes readers of minutes render once a minute. */
export function useNow(everyMs = 1000): number {
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(now / everyMs) * everyMs,
    () => 0,
  );
}
