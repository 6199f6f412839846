import { createStore } from "../../lib/store.ts";

/** Panels with something that has not been saved. */
export const dirtyPanels = createStore<ReadonlySet<string>>(new Set());

export function markDirty(id: string, dirty: boolean): void {
  dirtyPanels.set((before) => {
    if (before.has(id) === dirty) return before;
    const next = new Set(before);
    if (dirty) next.add(id);
    else next.delete(id);
    return next;
  });
}
