"use client";
import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** One parameter of the address, and how to change it; the empty text takes it out. Changing it makes no entry in the history. */
export function useParam(name: string): [value: string | null, set: (value: string | null) => void] {
  const value = useSearchParams().get(name);
  const set = useCallback((next: string | null) => setParams({ [name]: next }), [name]);
  return [value, set];
}

export function setParams(changes: Record<string, string | null>, how: "replace" | "push" = "replace"): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  // Colons and commas are what filters are made of, and mean nothing in a query.
  const search = url.search.replaceAll("%3A", ":").replaceAll("%2C", ",");
  const target = url.pathname + search + url.hash;
  if (how === "push") history.pushState(null, "", target);
  else history.replaceState(null, "", target);
}
