import { dirtyPanels, markDirty } from "./dirty.ts";

interface Closable {
  readonly id: string;
  readonly title: string | undefined;
  close(): void;
}

/** Closes a panel; one with something unsaved after a question. */
export function closePanel(panel: Closable): void {
  if (dirtyPanels.get().has(panel.id) && !confirm(`Close ${panel.title ?? "the file"} without saving?`))
    return;
  markDirty(panel.id, false);
  panel.close();
}
