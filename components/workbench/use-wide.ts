"use client";
import { useSyncExternalStore } from "react";

const query = "(min-width: 640px)";
const follow = (listener: () => void) => {
  const list = matchMedia(query);
  list.addEventListener("change", listener);
  return () => list.removeEventListener("change", listener);
};

/** Whether there is room for more than one panel. */
export const useWide = (): boolean =>
  useSyncExternalStore(
    follow,
    () => matchMedia(query).matches,
    () => true,
  );
