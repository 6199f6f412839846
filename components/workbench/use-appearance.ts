"use client";
import { useSyncExternalStore } from "react";

const follow = (listener: () => void) => {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
};

/** Light or dark, as the page is: for what is drawn rather than styled. */
export const useAppearance = (): "light" | "dark" =>
  useSyncExternalStore(
    follow,
    () => (document.documentElement.dataset["theme"] === "light" ? "light" : "dark"),
    () => "dark",
  );
