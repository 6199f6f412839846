import type { ImageInfo } from "../backend.ts";

/** What a made-up image does when its cave starts. */
export interface MemoryImage {
  daemon?: number;
  browser?: boolean;
  /** Written to the cave's log at every start. */
  output?: string;
  /** Its program ends at once, with this code. */
  exits?: number;
}

export function infoOf(ref: string, image: MemoryImage): ImageInfo {
  return {
    ref,
    id: `memory:${ref}`,
    ...(image.daemon !== undefined && { daemon: image.daemon }),
    browser: image.browser ?? false,
    sizeBytes: 1,
  };
}
