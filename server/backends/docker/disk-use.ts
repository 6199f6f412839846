import { statfs } from "node:fs/promises";
import type { DiskUse } from "../backend.ts";
import { within } from "./client.ts";
import type { Engine } from "./engine.ts";

/** Of what the engine counts, what we read. */
export interface EngineUse {
  LayersSize?: number;
  Containers?: { SizeRw?: number }[] | null;
  Volumes?: { UsageData?: { Size: number } | null }[] | null;
  BuildCache?: { Size?: number; Shared?: boolean }[] | null;
}

/** An engine counts for one caller at a time and refuses the others: they share. */
const counting = new WeakMap<Engine, Promise<EngineUse>>();

export async function diskUse(engine: Engine, signal: AbortSignal): Promise<DiskUse> {
  let count = counting.get(engine);
  if (count === undefined) {
    // For all who wait; it ends with the backend.
    count = (engine.docker.df as (options: object) => Promise<EngineUse>).call(
      engine.docker,
      within(engine.closing),
    );
    counting.set(engine, count);
    const done = () => counting.delete(engine);
    count.then(done, done);
  }
  const use = sums(await count);
  signal.throwIfAborted();
  return { ...use, ...(await room(engine, signal)) };
}

/** -1 is how an engine says that it did not count. */
export function sums({ LayersSize, Containers, Volumes, BuildCache }: EngineUse): DiskUse {
  const sum = (sizes: readonly (number | undefined)[] = []) =>
    sizes.reduce<number>((all, size = 0) => all + Math.max(0, size), 0);
  return {
    imagesBytes: Math.max(0, LayersSize ?? 0),
    containersBytes: sum(Containers?.map(({ SizeRw }) => SizeRw)),
    volumesBytes: sum(Volumes?.map(({ UsageData }) => UsageData?.Size)),
    // What is shared is part of an image, and counted there.
    cacheBytes: sum(BuildCache?.map(({ Size, Shared }) => (Shared === true ? 0 : Size))),
  };
}

/** Only an engine of this machine has its disk here, and not where we are in a container ourselves. */
async function room(
  { docker }: Engine,
  signal: AbortSignal,
): Promise<Pick<DiskUse, "freeBytes" | "totalBytes">> {
  if ((docker.modem as { socketPath?: string }).socketPath === undefined) return {};
  const { DockerRootDir } = (await (docker.info as (options: object) => Promise<unknown>).call(
    docker,
    within(signal),
  )) as { DockerRootDir: string };
  try {
    const { bavail, blocks, bsize } = await statfs(DockerRootDir);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return {};
  }
}
