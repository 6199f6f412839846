import type { Cave } from "#contract/cave.ts";
import type { FleetEvent, ImageBuild } from "#contract/system.ts";

/** A list of caves after some events; the same list when none of them changes it. */
export function applyToCaves(caves: readonly Cave[], events: readonly FleetEvent[]): readonly Cave[] {
  const byId = new Map(caves.map((cave) => [cave.id, cave]));
  let changed = false;
  const patch = (id: string, part: Partial<Cave>) => {
    const cave = byId.get(id);
    if (cave === undefined) return;
    byId.set(id, { ...cave, ...part });
    changed = true;
  };
  for (const event of events) {
    switch (event.type) {
      case "cave":
        byId.set(event.cave.id, event.cave);
        changed = true;
        break;
      case "removed":
        changed = byId.delete(event.caveId) || changed;
        break;
      case "ports":
        patch(event.caveId, { ports: event.ports });
        break;
      case "services":
        patch(event.caveId, { services: event.services });
        break;
      case "starting": {
        const cave = byId.get(event.caveId);
        if (cave === undefined) break;
        const { starting: _before, ...rest } = cave;
        byId.set(cave.id, event.starting ? { ...rest, starting: event.starting } : rest);
        changed = true;
        break;
      }
      case "activity":
        patch(event.caveId, { lastActivity: event.activity });
        break;
      case "windows":
      case "stats":
      case "image":
      case "reset":
        break;
    }
  }
  return changed ? [...byId.values()] : caves;
}

export function applyToImages(
  images: readonly ImageBuild[],
  events: readonly FleetEvent[],
): readonly ImageBuild[] {
  const builds = events.flatMap((event) => (event.type === "image" ? [event.build] : []));
  if (builds.length === 0) return images;
  const byFlavor = new Map([...images, ...builds].map((build) => [build.flavor, build]));
  return [...byFlavor.values()];
}
