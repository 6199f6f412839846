import type { ViewSettings } from "./view.ts";

const key = "ghost.terminal";
export const defaultFontSize = 14;

/** Font size and screen reader as this browser last had them; light or dark as the system has it. */
export function readSettings(): ViewSettings {
  const { fontSize, screenReader } = stored();
  return {
    fontSize: typeof fontSize === "number" ? clampFontSize(fontSize) : defaultFontSize,
    screenReader: screenReader === true,
    appearance: matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark",
  };
}

export function keepSettings({ fontSize, screenReader }: ViewSettings): void {
  try {
    localStorage.setItem(key, JSON.stringify({ fontSize, screenReader }));
  } catch {
    // a browser that keeps nothing for us
  }
}

export const clampFontSize = (size: number) => Math.min(32, Math.max(8, Math.round(size)));

function stored(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
