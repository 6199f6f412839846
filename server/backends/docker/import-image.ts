import type Docker from "dockerode";
import { AppError } from "../../lib/app-error.ts";
import { within } from "./client.ts";
import { ndjson } from "./ndjson.ts";

/** Makes an image of one layer from a tar. `changes` are lines of a Dockerfile. */
export async function importImage(
  docker: Docker,
  ref: string,
  tar: NodeJS.ReadableStream,
  changes: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const [repo, tag] = ref.split(":");
  const answer = await docker.importImage(tar, { repo, tag, changes, ...within(signal) });
  for await (const line of ndjson(answer)) {
    const { error } = line as { error?: string };
    if (error === undefined) continue;
    throw new AppError("internal", `The engine would not take the image ${ref}.`, {
      cause: new Error(error),
    });
  }
}
