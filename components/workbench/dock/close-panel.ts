import { dirtyPanels, markDirty } from "./dirty.ts";
import { askUnsaved } from "./unsaved.tsx";

interface Closable {
  readonly id: string;
  readonly title: string | undefined;
  getWindow(): Window;
  close(): void;
}

/** Closes a panel; one with something unsaved after a question. */
export function closePanel(panel: Closable): void {
  const close = () => {
    markDirty(panel.id, false);
    panel.close();
  };
  if (!dirtyPanels.get().has(panel.id)) close();
  else askUnsaved({ what: panel.title ?? "the file", window: panel.getWindow(), close });
}
