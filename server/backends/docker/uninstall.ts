import type { Engine } from "./engine.ts";
import { removeHelpers } from "./own-volume.ts";
import { dockerSlots } from "./slots/docker-slots.ts";

export async function uninstall(engine: Engine, signal: AbortSignal): Promise<void> {
  await removeHelpers(engine, { olderThanMs: 0 }, signal);
  await dockerSlots(engine).sweep(new Set(), signal);
  await Promise.all([engine.skeleton.remove(signal), engine.network.remove(signal)]);
}
