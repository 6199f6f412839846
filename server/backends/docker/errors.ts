import { AppError } from "../../lib/app-error.ts";

interface EngineError extends Error {
  /** Of an answer. */
  statusCode?: number;
  json?: { message?: string } | null;
  /** Of a connection. */
  code?: string;
}

const away = new Set([
  "ECONNREFUSED",
  "ENOENT",
  "ECONNRESET",
  "EPIPE",
  "EACCES",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

/** The engine's own words, without dockerode's prefix. */
export function engineMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { json } = error as EngineError;
  return typeof json?.message === "string" ? json.message : error.message;
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof Error ? (error as EngineError).statusCode : undefined;
}

/** Turns whatever dockerode throws into an error of ours. */
export function fold(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = engineMessage(error);
  const status = statusOf(error);
  const say = (code: ConstructorParameters<typeof AppError>[0], text: string) =>
    new AppError(code, text, { cause: error });

  if (status === undefined) {
    const code = error instanceof Error ? (error as EngineError).code : undefined;
    if (code !== undefined && away.has(code))
      return say("backend_unavailable", `The Docker engine does not answer (${code}).`);
    return say("internal", "The Docker engine's answer was not understood.");
  }
  if (/no space left on device|disk quota exceeded/i.test(message))
    return say("disk_full", "The engine's disk is full.");
  if (status === 503) return say("backend_unavailable", "The Docker engine is not ready.");
  if (/no such image|manifest (?:unknown|for)|pull access denied|repository does not exist/i.test(message)) {
    return say("image_not_found", "The engine has no such image.");
  }
  if (/no such container|no such exec/i.test(message))
    return say("cave_not_found", "The engine has no such cave.");
  if (
    /is not running|is paused|is not paused|cannot start a paused|is restarting|marked for removal/i.test(
      message,
    )
  ) {
    return say("cave_state", "The cave is not running.");
  }
  return say("internal", "The Docker engine refused.");
}

/** Runs one verb: an abort comes back as the signal's reason, all else as an error of ours. */
export async function folded<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    throw fold(error);
  }
}
