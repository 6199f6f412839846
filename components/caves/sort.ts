import { latestFigures } from "../live/figures.ts";
import { CaveStates } from "./states.ts";
import type { Cave } from "#contract/cave.ts";

export const sortKeys = ["name", "state", "image", "cpu", "memory", "activity", "stops", "created"] as const;
export type SortKey = (typeof sortKeys)[number];
export interface Sort {
  readonly by: SortKey;
  readonly down: boolean;
}

/** As the address has it: `name`, or `-activity` for the other way round. */
export function parseSort(text: string | null): Sort {
  const by = sortKeys.find((key) => key === text?.replace(/^-/, ""));
  return by === undefined ? { by: "activity", down: true } : { by, down: text?.startsWith("-") === true };
}

export const formatSort = ({ by, down }: Sort): string => `${down ? "-" : ""}${by}`;

/** What is best read largest or newest first is so on the first press. */
export const startsDown = (by: SortKey): boolean => ["cpu", "memory", "activity", "created"].includes(by);

export function sorted(caves: readonly Cave[], { by, down }: Sort): readonly Cave[] {
  const turn = down ? -1 : 1;
  return [...caves].sort((a, b) => turn * compare(a, b, by) || a.name.localeCompare(b.name));
}

function compare(a: Cave, b: Cave, by: SortKey): number {
  switch (by) {
    case "name":
      return a.name.localeCompare(b.name, "en", { numeric: true });
    case "state":
      return CaveStates.indexOf(a.state) - CaveStates.indexOf(b.state);
    case "image":
      return a.image.localeCompare(b.image);
    case "cpu":
      return (latestFigures(a.id)?.cpuPercent ?? -1) - (latestFigures(b.id)?.cpuPercent ?? -1);
    case "memory":
      return (latestFigures(a.id)?.memoryBytes ?? -1) - (latestFigures(b.id)?.memoryBytes ?? -1);
    case "activity":
      return a.lastActivity.at.localeCompare(b.lastActivity.at);
    case "stops":
      return (a.stopsAt ?? "9").localeCompare(b.stopsAt ?? "9");
    case "created":
      return a.createdAt.localeCompare(b.createdAt);
  }
}
