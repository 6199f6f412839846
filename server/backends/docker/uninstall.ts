import type { Engine } from "./engine.ts";
import { removeHelpers, removeSkeleton } from "./own-volume.ts";

export async function uninstall(engine: Engine, signal: AbortSignal): Promise<void> {
  await removeHelpers(engine, { olderThanMs: 0 }, signal);
  await Promise.all([removeSkeleton(engine, signal), engine.network.remove(signal)]);
}
