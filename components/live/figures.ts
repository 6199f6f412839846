"use client";
import { useCallback, useSyncExternalStore } from "react";
import type { Stats } from "#contract/cave.ts";

/** The last readings of one cave: what sparklines are drawn from. */
export interface Figures {
  readonly latest: Stats | undefined;
  /** Of the limits, 0 to 1, oldest first. */
  readonly cpu: readonly number[];
  readonly memory: readonly number[];
}

const kept = 30;
const none: Figures = { latest: undefined, cpu: [], memory: [] };
const all = new Map<string, Figures>();
const listeners = new Map<string, Set<() => void>>();

export function addReading(caveId: string, stats: Stats): void {
  const { cpu, memory } = all.get(caveId) ?? none;
  const used = stats.memoryLimitBytes > 0 ? stats.memoryBytes / stats.memoryLimitBytes : 0;
  all.set(caveId, {
    latest: stats,
    // The first reading after a pause says nothing of the CPU: that takes two.
    cpu: stats.cpuPercent === undefined ? cpu : [...cpu, stats.cpuPercent / 100].slice(-kept),
    memory: [...memory, used].slice(-kept),
  });
  listeners.get(caveId)?.forEach((listener) => listener());
}

export function forgetFigures(caveId: string): void {
  if (all.delete(caveId)) listeners.get(caveId)?.forEach((listener) => listener());
}

/** The latest reading, for sorting; not followed. */
export const latestFigures = (caveId: string): Stats | undefined => all.get(caveId)?.latest;

/** A cave's figures, live: only what shows them renders when they come. */
export function useFigures(caveId: string): Figures {
  const subscribe = useCallback(
    (listener: () => void) => {
      const own = listeners.get(caveId) ?? new Set();
      listeners.set(caveId, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0) listeners.delete(caveId);
      };
    },
    [caveId],
  );
  return useSyncExternalStore(
    subscribe,
    () => all.get(caveId) ?? none,
    () => none,
  );
}
