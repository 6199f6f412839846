import type { Context } from "../context.ts";

/** Tells the store when caves were last used, so that a restart of the gateway does not make them look idle. One write for many touches. */
export async function saveActivity({ fleet, store }: Context): Promise<void> {
  const unsaved = fleet.live.takeUnsaved();
  if (unsaved.length === 0) return;
  await store.transaction(async (tx) => {
    for (const [id, { at, what }] of unsaved) await tx.caves.touch(id, at, what);
  });
}
