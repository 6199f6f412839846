import type { SerializedDockview } from "dockview-react";
import { isPanelKind } from "../panels.ts";

const version = 1;
const keyOf = (caveId: string) => `ghost.workbench.${caveId}`;

/** The layout this browser last had for a cave, if it is one that we can still show. */
export function readLayout(caveId: string): SerializedDockview | undefined {
  try {
    const text = localStorage.getItem(keyOf(caveId));
    if (text === null) return undefined;
    const stored = JSON.parse(text) as { version?: unknown; layout?: SerializedDockview };
    const { layout } = stored;
    if (stored.version !== version || layout === undefined) return undefined;
    const panels = Object.values(layout.panels);
    return panels.length > 0 && panels.every((panel) => isPanelKind(panel.contentComponent))
      ? layout
      : undefined;
  } catch {
    return undefined; // storage is switched off, or somebody else wrote there
  }
}

export function keepLayout(caveId: string, layout: SerializedDockview): void {
  try {
    localStorage.setItem(keyOf(caveId), JSON.stringify({ version, layout }));
  } catch {
    // for this page alone, then
  }
}

/** Layouts of caves that are gone are not kept for ever. */
export function forgetLayouts(present: ReadonlySet<string>): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(keyOf("")) && !present.has(key.slice(keyOf("").length)))
        localStorage.removeItem(key);
    }
  } catch {
    // storage is switched off
  }
}
