import { setTimeout as pause } from "node:timers/promises";
import { within } from "./client.ts";
import type { Engine } from "./engine.ts";
import { statusOf } from "./errors.ts";
import { caveLabel, labelFilter } from "./labels.ts";

export interface Volume {
  name: string;
  cave: string;
}

/** Our volumes, of one cave or of all. */
export async function listVolumes(engine: Engine, signal: AbortSignal, cave?: string): Promise<Volume[]> {
  const { Volumes } = await engine.docker.listVolumes({
    filters: JSON.stringify({ label: labelFilter(engine.instance, cave) }),
    ...within(signal),
  });
  // Older engines answer null for none.
  return ((Volumes as typeof Volumes | null) ?? []).map(({ Name, Labels }) => ({
    name: Name,
    cave: Labels[caveLabel] ?? "",
  }));
}

/** A volume stays in use for a moment after its container is gone, while the engine still unmounts it. */
export async function removeVolume(engine: Engine, name: string, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await engine.docker.getVolume(name).remove(within(signal));
      return;
    } catch (error) {
      if (statusOf(error) === 404) return;
      if (statusOf(error) !== 409 || attempt === 100) throw error;
      await pause(Math.min(attempt * 10, 200), undefined, { signal });
    }
  }
}
