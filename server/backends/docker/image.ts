import type Docker from "dockerode";
import { AppError } from "../../lib/app-error.ts";
import type { ImageInfo } from "../backend.ts";
import { within } from "./client.ts";
import type { Engine } from "./engine.ts";
import { fold, statusOf } from "./errors.ts";
import { ndjson } from "./ndjson.ts";

export async function image(
  engine: Engine,
  ref: string,
  signal: AbortSignal,
): Promise<ImageInfo | undefined> {
  try {
    const info = await engine.docker.getImage(ref).inspect(within(signal));
    return imageInfo(ref, info);
  } catch (error) {
    // 400: not a name that any image could have
    if (statusOf(error) === 404 || statusOf(error) === 400) return undefined;
    throw error;
  }
}

export function imageInfo(
  ref: string,
  {
    Id,
    Size,
    Config,
  }: Pick<Docker.ImageInspectInfo, "Id" | "Size"> & {
    Config: { Labels?: Record<string, string> | null } | null;
  },
): ImageInfo {
  const labels = Config?.Labels ?? {};
  const daemon = Number(labels["ghost.daemon"]);
  const version = labels["ghost.version"];
  return {
    ref,
    id: Id,
    ...(Number.isInteger(daemon) && daemon > 0 && { daemon }),
    browser: ["1", "true"].includes(labels["ghost.browser"] ?? ""),
    ...(version !== undefined && { version }),
    sizeBytes: Size,
  };
}

export async function pull(
  engine: Engine,
  ref: string,
  progress: (line: string) => void,
  signal: AbortSignal,
): Promise<ImageInfo> {
  const answer: NodeJS.ReadableStream = await engine.docker
    .pull(tagged(ref), within(signal))
    .catch((error: unknown) => {
      throw notPulled(ref, error);
    });
  for await (const event of ndjson(answer)) {
    const {
      status,
      id,
      progress: bar,
      error,
    } = event as { status?: string; id?: string; progress?: string; error?: string };
    if (error !== undefined) throw notPulled(ref, new Error(error));
    if (status !== undefined) progress([id, status, bar].filter(Boolean).join(" "));
  }
  const found = await image(engine, ref, signal);
  if (!found) throw new AppError("image_not_found", `The engine fetched ${ref} and then did not have it.`);
  return found;
}

/** Without a tag the engine would fetch every one there is. */
export function tagged(ref: string): string {
  if (ref.includes("@")) return ref;
  return ref.lastIndexOf(":") > ref.lastIndexOf("/") ? ref : `${ref}:latest`;
}

function notPulled(ref: string, error: unknown): AppError {
  const known = fold(error);
  if (known.code === "backend_unavailable" || known.code === "disk_full") return known;
  const why = error instanceof Error ? error.message : String(error);
  if (/no space left/i.test(why))
    return new AppError("disk_full", "The engine's disk is full.", { cause: error });
  return new AppError(
    "image_not_found",
    `The image ${ref} is neither on the engine nor in a registry that it reaches.`,
    { cause: error },
  );
}
