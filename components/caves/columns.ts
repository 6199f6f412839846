"use client";
import { createStore } from "../lib/store.ts";
import type { SortKey } from "./sort.ts";

/** A column beside the name, which is always there. */
export interface Column {
  readonly id: "image" | "owner" | "backend" | "cpu" | "memory" | "ports" | "activity" | "stops";
  readonly name: string;
  readonly track: string;
  readonly sort?: SortKey;
  /** Left out where the list is narrower. */
  readonly from: number;
}

export const columns: readonly Column[] = [
  { id: "image", name: "Image", track: "minmax(7rem,0.9fr)", sort: "image", from: 1000 },
  { id: "owner", name: "Owner", track: "minmax(5rem,0.5fr)", from: 1100 },
  { id: "backend", name: "Backend", track: "minmax(5rem,0.5fr)", from: 1100 },
  { id: "cpu", name: "CPU", track: "7.5rem", sort: "cpu", from: 700 },
  { id: "memory", name: "Memory", track: "12rem", sort: "memory", from: 820 },
  { id: "ports", name: "Ports", track: "minmax(7rem,0.9fr)", from: 900 },
  { id: "activity", name: "Last activity", track: "minmax(8rem,0.9fr)", sort: "activity", from: 700 },
  { id: "stops", name: "Stops in", track: "5.5rem", sort: "stops", from: 940 },
];

const key = "ghost.columns";
const usual: readonly Column["id"][] = ["image", "cpu", "memory", "ports", "activity", "stops"];

export const chosenColumns = createStore<readonly Column["id"][]>(stored());

function stored(): readonly Column["id"][] {
  if (typeof localStorage === "undefined") return usual;
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "");
    return Array.isArray(kept) ? columns.map(({ id }) => id).filter((id) => kept.includes(id)) : usual;
  } catch {
    return usual;
  }
}

export function toggleColumn(id: Column["id"]): void {
  const now = chosenColumns.get();
  const next = now.includes(id) ? now.filter((one) => one !== id) : [...now, id];
  chosenColumns.set(next);
  try {
    localStorage.setItem(key, JSON.stringify(next));
  } catch {
    // for this page alone, then
  }
}

/** Those that are wanted and fit. */
export const columnsFor = (chosen: readonly Column["id"][], width: number): readonly Column[] =>
  columns.filter(({ id, from }) => chosen.includes(id) && width >= from);

export const tracksOf = (shown: readonly Column[]): string =>
  ["2rem", "minmax(10rem,1.3fr)", ...shown.map(({ track }) => track), "4.5rem"].join(" ");
