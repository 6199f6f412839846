import type { Engine } from "./engine.ts";
import { removeHelpers } from "./own-volume.ts";

export async function uninstall(engine: Engine, signal: AbortSignal): Promise<void> {
  await removeHelpers(engine, { olderThanMs: 0 }, signal);
  await Promise.all([engine.skeleton.remove(signal), engine.network.remove(signal)]);
}
