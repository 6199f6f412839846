import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** The images that caves are made of. */
export const flavors = ["base", "full"] as const;
export type Flavor = (typeof flavors)[number];

/** Stages of cave-image/executor/Dockerfile that are images for runs. The first are made by `npm run up`, the others when asked for. */
export const usualRunImages = ["run:bash", "run:python", "run:node", "run:c"] as const;
export const otherRunImages = ["run:cpp", "run:go", "run:java", "run:php", "run:ruby", "run:rust"] as const;
export const runImages = [...usualRunImages, ...otherRunImages] as const;
export type RunImage = (typeof runImages)[number];

export const imageNames: readonly ImageName[] = [...flavors, ...runImages];
export type ImageName = Flavor | RunImage;

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

export type ImagesStatus = Partial<Record<ImageName, ImageStatus>>;

export function imageOf(name: ImageName): string {
  return name.startsWith("run:") ? `ghost/${name}` : `ghost/cave:${name}`;
}

export function readImages(path: string): ImagesStatus {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ImagesStatus;
  } catch {
    return {}; // never written, or not by us
  }
}

/** Says that an image will be built soon, unless it is there: who wants a cave of it waits instead of giving up. */
export function announceImage(path: string, name: ImageName, builder: number): void {
  const image = imageOf(name);
  if (readImages(path)[name]?.state !== "ready")
    writeImage(path, name, { state: "building", image, line: "waiting for its turn", builder });
}

/** Replaces the status of one image; a reader sees the old file or the new one, never half of it. */
export function writeImage(path: string, name: ImageName, status: ImageStatus): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify({ ...readImages(path), [name]: status }, null, 2)}\n`);
  renameSync(temporary, path);
}
