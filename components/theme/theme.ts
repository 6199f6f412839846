"use client";
import { createStore, useStore } from "../lib/store.ts";
import { themeKey as key } from "./script.ts";

export type Theme = "system" | "dark" | "light";
export const themes: readonly { value: Theme; label: string }[] = [
  { value: "system", label: "System" },
  { value: "dark", label: "Dark" },
  { value: "light", label: "Light" },
];

const chosen = createStore<Theme>("system");
let watching = false;

/** Follows the system, and what other tabs choose. */
function watch(): void {
  if (watching) return;
  watching = true;
  chosen.set(stored());
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", apply);
  addEventListener("storage", (event) => {
    if (event.key !== key) return;
    chosen.set(stored());
    apply();
  });
}

function stored(): Theme {
  try {
    const value = localStorage.getItem(key);
    return value === "dark" || value === "light" ? value : "system";
  } catch {
    return "system"; // storage is switched off
  }
}

function apply(): void {
  const theme = chosen.get();
  const light = matchMedia("(prefers-color-scheme: light)").matches;
  document.documentElement.dataset["theme"] = theme === "system" ? (light ? "light" : "dark") : theme;
}

export function setTheme(theme: Theme): void {
  watch();
  try {
    localStorage.setItem(key, theme);
  } catch {
    // for this page alone, then
  }
  chosen.set(theme);
  apply();
}

export function useTheme(): Theme {
  if (typeof window !== "undefined" && !watching) queueMicrotask(watch);
  return useStore(chosen);
}
