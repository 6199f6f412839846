"use client";
import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** False in the exported page and while the browser takes it over: then what only the browser knows must not show yet. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
