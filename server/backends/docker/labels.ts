import type { CaveSpec } from "../backend.ts";

/** On all that we make: the first says whose it is, the second of which cave. */
export const instanceLabel = "ghost.instance";
export const caveLabel = "ghost.cave";
/** Instead of `ghost.cave` on the short-lived container that hands a volume to the cave's user, so that it is never taken for the cave. */
export const helperLabel = "ghost.helper";

export type Labels = Record<string, string>;

export function labelsOf(instance: string, spec: Pick<CaveSpec, "id" | "name">): Labels {
  return { [instanceLabel]: instance, [caveLabel]: spec.id, "ghost.name": spec.name };
}

/** The engine's filter for what is ours, or for what belongs to one of our caves. */
export function labelFilter(instance: string, cave?: string): string[] {
  const ours = `${instanceLabel}=${instance}`;
  return cave === undefined ? [ours] : [ours, `${caveLabel}=${cave}`];
}

export const containerName = (id: string) => `ghost-${id}`;
export const workspaceVolume = (id: string) => `${id}-workspace`;
export const homeVolume = (id: string) => `${id}-home`;
