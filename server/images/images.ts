import type { Backend, ImageInfo } from "../backends/backend.ts";
import { AppError } from "../lib/app-error.ts";
import { pause } from "../lib/pause.ts";
import { fileTimes, readBuilds } from "./images-file.ts";
import type { ImageBuild } from "#contract/system.ts";

/** What `npm run up` makes for caves. */
export type Flavor = "base" | "full";

/** What is known of images: how far `npm run up` is with ours, and what engines hold. */
export interface Images {
  list(): ImageBuild[];
  /** Every build whose state or progress has changed, until the signal. */
  changes(signal: AbortSignal): AsyncIterable<ImageBuild>;
  /** Resolves when the image is ready. `image_not_found` when nobody builds it, or its build failed. */
  waitFor(flavor: Flavor, onProgress: (build: ImageBuild) => void, signal: AbortSignal): Promise<void>;
  /** An image that an engine holds, looked up at most every few seconds. */
  find(backend: Backend, ref: string, signal: AbortSignal): Promise<ImageInfo | undefined>;
  /** Forgets what was found: the engine does not hold it after all. */
  forget(backend: Backend, ref: string): void;
}

export interface ImagesOptions {
  /** `images.json`, replaced whole by whoever builds. */
  file: string;
  /** How often the file is looked at while somebody follows it. */
  everyMs?: number;
  now?: () => number;
}

/** Long enough for a burst of creates, short enough that a rebuilt image is soon used. */
const foundForMs = 5_000;

export function openImages({ file, everyMs = 500, now = Date.now }: ImagesOptions): Images {
  const found = new Map<string, { at: number; info: ImageInfo }>();
  const keyOf = (backend: Backend, ref: string) => `${backend.name} ${ref}`;

  const images: Images = {
    list: () => readBuilds(file),

    async *changes(signal) {
      let before = new Map<string, string>();
      let seen: string | undefined;
      for (;;) {
        const times = fileTimes(file);
        const builds = readBuilds(file);
        // A builder that died leaves the file as it was, so a build under way is looked at again and again.
        if (times !== seen || builds.some((build) => build.state === "building")) {
          seen = times;
          const after = new Map(builds.map((build) => [build.flavor, JSON.stringify(build)]));
          for (const build of builds) if (after.get(build.flavor) !== before.get(build.flavor)) yield build;
          before = after;
        }
        if (!(await pause(everyMs, signal))) return;
      }
    },

    async waitFor(flavor, onProgress, signal) {
      for await (const build of images.changes(signal)) {
        if (build.flavor !== flavor) continue;
        if (build.state === "ready") return;
        if (build.state !== "building") throw notBuilt(build);
        onProgress(build);
      }
      signal.throwIfAborted();
    },

    async find(backend, ref, signal) {
      const key = keyOf(backend, ref);
      const known = found.get(key);
      if (known && now() - known.at < foundForMs) return known.info;
      const info = await backend.image(ref, signal);
      if (info) found.set(key, { at: now(), info });
      else found.delete(key);
      return info;
    },

    forget: (backend, ref) => void found.delete(keyOf(backend, ref)),
  };
  return images;
}

export function notBuilt(build: ImageBuild): AppError {
  const why =
    build.state === "failed" ? `could not be built: ${build.error ?? "its build failed"}` : "is not built";
  return new AppError("image_not_found", `The image ${build.image} ${why}. Build it with \`npm run up\`.`, {
    details: { image: build.image, state: build.state },
  });
}
