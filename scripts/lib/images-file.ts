import { readFileSync, renameSync, writeFileSync } from "node:fs";

export const flavors = ["base", "full"] as const;
export type Flavor = (typeof flavors)[number];

/** How far the building of one image is. The gateway reads this to tell people what they wait for. */
export interface ImageStatus {
  readonly state: "ready" | "building" | "failed" | "missing";
  readonly image: string;
  readonly step?: number;
  readonly steps?: number;
  /** What the build said last. */
  readonly line?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly error?: string;
  /** The process that builds it: when that is gone, so is the build, whatever the file says. */
  readonly builder?: number;
}

export type ImagesStatus = Record<Flavor, ImageStatus>;

export function imageOf(flavor: Flavor): string {
  return `ghost/cave:${flavor}`;
}

export function readImages(path: string): ImagesStatus {
  const missing = (flavor: Flavor): ImageStatus => ({ state: "missing", image: imageOf(flavor) });
  try {
    const known = JSON.parse(readFileSync(path, "utf8")) as Partial<ImagesStatus>;
    return { base: known.base ?? missing("base"), full: known.full ?? missing("full") };
  } catch {
    return { base: missing("base"), full: missing("full") }; // never written, or not by us
  }
}

/** Says that an image will be built soon, unless it is there: who wants a cave of it waits instead of giving up. */
export function announceImage(path: string, flavor: Flavor, builder: number): void {
  const image = imageOf(flavor);
  if (readImages(path)[flavor].state !== "ready")
    writeImage(path, flavor, { state: "building", image, line: "waiting for its turn", builder });
}

/** Replaces the status of one image; a reader sees the old file or the new one, never half of it. */
export function writeImage(path: string, flavor: Flavor, status: ImageStatus): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify({ ...readImages(path), [flavor]: status }, null, 2)}\n`);
  renameSync(temporary, path);
}
