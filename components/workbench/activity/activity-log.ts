"use client";
import { useEffect } from "react";
import { chosenPorts } from "../../caves/chosen-ports.ts";
import { createStore, type Store } from "../../lib/store.ts";
import { followFleet } from "../../live/stream.ts";
import { toast } from "../../ui/toast.tsx";
import { listed, windowName } from "../desktop/window-names.ts";
import type { Cave, DesktopWindow, ListeningPort } from "#contract/cave.ts";
import type { FleetEvent } from "#contract/system.ts";

/** Something that happened in a cave. */
export interface Happening {
  readonly at: string;
  readonly kind: string;
  readonly text: string;
  /** Happened again and again, the last time at `at`. */
  readonly times: number;
}

const kept = 500;
const mostCaves = 8;
const sameMs = 60_000;
const logs = new Map<string, Store<readonly Happening[]>>();

export function activityOf(caveId: string): Store<readonly Happening[]> {
  const store = logs.get(caveId) ?? createStore<readonly Happening[]>([]);
  // The latest is the last; of caves nobody has looked at for long nothing is kept.
  logs.delete(caveId);
  logs.set(caveId, store);
  const [oldest] = logs.keys();
  if (logs.size > mostCaves && oldest !== undefined) logs.delete(oldest);
  return store;
}

/** What is told of activities in words, by the name the API has for them. */
const words: Record<string, string> = {
  exec: "A command ran",
  terminal: "Somebody typed in a terminal",
  file: "Files were used",
  process: "A process was worked with",
  port: "An app was used",
  desktop: "The desktop was used",
  code: "VS Code was used",
  jupyter: "Jupyter was used",
  start: "The cave started",
  started: "The cave started",
  created: "The cave was created",
};
const services: Record<string, string> = { code: "VS Code", desktop: "The desktop", jupyter: "Jupyter" };

/** Keeps what the live stream tells of one cave while its page is open. */
export function useActivityKept(cave: Cave): void {
  const { id } = cave;
  useEffect(() => {
    const store = activityOf(id);
    let before: Cave = cave;
    const add = (at: string, kind: string, text: string) =>
      store.set((all) => {
        const last = all.at(-1);
        if (last?.text === text && Date.parse(at) - Date.parse(last.at) < sameMs)
          return [...all.slice(0, -1), { ...last, at, times: last.times + 1 }];
        return [...all.slice(-(kept - 1)), { at, kind, text, times: 1 }];
      });
    if (store.get().length === 0)
      add(
        cave.lastActivity.at,
        cave.lastActivity.what,
        words[cave.lastActivity.what] ?? cave.lastActivity.what,
      );

    return followFleet((event) => {
      if (event.type === "windows" && event.caveId === id)
        add(new Date().toISOString(), "desktop", opened(event.opened));
      const next = applied(before, event);
      if (next === undefined) return;
      const now = new Date().toISOString();
      if (next.lastActivity.at > before.lastActivity.at)
        add(
          next.lastActivity.at,
          next.lastActivity.what,
          words[next.lastActivity.what] ?? next.lastActivity.what,
        );
      if (next.state !== before.state) add(now, "state", `The cave is ${next.state}`);
      const [had, has] = [chosenPorts(before.ports), chosenPorts(next.ports)];
      const among = (all: typeof has, { port }: ListeningPort) => all.some((one) => one.port === port);
      for (const one of has)
        if (!among(had, one)) add(now, "port", `${one.process ?? "Something"} listens on port ${one.port}`);
      for (const one of had) if (!among(has, one)) add(now, "port", `Port ${one.port} was closed`);
      for (const [name, { state, since, reason }] of Object.entries(next.services)) {
        if (before.services[name]?.state === state) continue;
        const text = { starting: "is starting", ready: "is ready", stopped: "stopped", failed: "failed" }[
          state
        ];
        add(since, name, `${services[name] ?? name} ${text}${reason === undefined ? "" : `: ${reason}`}`);
        if (state === "failed")
          toast({
            key: `service ${name}`,
            tone: "danger",
            title: `${services[name] ?? name} failed`,
            ...(reason !== undefined && { detail: reason }),
          });
      }
      before = next;
    });
  }, [id]);
}

/** In words. What an agent does in a browser is seen of it by its windows. */
export function opened(windows: readonly DesktopWindow[]): string {
  const names = new Set(windows.map(windowName));
  return windows.length === 1
    ? `A window opened: ${listed(names)}`
    : `${windows.length} windows opened: ${listed(names)}`;
}

function applied(cave: Cave, event: FleetEvent): Cave | undefined {
  switch (event.type) {
    case "cave":
      return event.cave.id === cave.id ? event.cave : undefined;
    case "ports":
      return event.caveId === cave.id ? { ...cave, ports: event.ports } : undefined;
    case "services":
      return event.caveId === cave.id ? { ...cave, services: event.services } : undefined;
    case "activity":
      return event.caveId === cave.id ? { ...cave, lastActivity: event.activity } : undefined;
    case "windows":
    case "starting":
    case "stats":
    case "image":
    case "removed":
    case "reset":
      return undefined;
  }
}
