import { api, GhostError } from "../../lib/api.ts";
import { nameOf } from "../files/paths.ts";

export const mostEditable = 4 * 1_048_576;
const mostShown = 64 * 1_048_576;

export interface OpenedText {
  readonly kind: "text";
  readonly text: string;
  readonly etag: string;
}

/** A file as the editor can show it. */
export type Opened =
  | OpenedText
  | { readonly kind: "image" | "pdf"; readonly url: string }
  | { readonly kind: "other"; readonly reason: string };

const images: Record<string, string> = {
  ...{ png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp" },
  ...{ avif: "image/avif", bmp: "image/bmp", ico: "image/x-icon", svg: "image/svg+xml" },
};

/** Reads it, no more of it than can be shown. The caller lets go of `url`. */
export async function readFile(cave: string, path: string, signal: AbortSignal): Promise<Opened> {
  const response = await api.files.read.stream({ params: { cave }, query: { path } }, { signal });
  const ending = nameOf(path).split(".").at(-1)?.toLowerCase() ?? "";
  const media = ending === "pdf" ? "application/pdf" : images[ending];
  const limit = media === undefined || ending === "svg" ? mostEditable : mostShown;
  const bytes = await readAtMost(response, limit);
  signal.throwIfAborted();
  if (bytes === undefined) return { kind: "other", reason: "It is too large to be shown here." };
  if (media !== undefined && ending !== "svg") {
    const url = URL.createObjectURL(new Blob([bytes], { type: media }));
    return { kind: ending === "pdf" ? "pdf" : "image", url };
  }
  const text = decode(bytes);
  if (text === undefined) return { kind: "other", reason: "It is not text." };
  return { kind: "text", text, etag: response.headers.get("etag") ?? "" };
}

/** Undefined for more than that; what has no length (/proc) or grows meanwhile is counted as it comes. */
export async function readAtMost(
  response: Response,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const told = Number(response.headers.get("content-length") ?? 0);
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    if (told > most || size > most) {
      await reader?.cancel();
      return undefined;
    }
    const next = await reader?.read();
    if (next === undefined || next.done) break;
    parts.push(next.value);
    size += next.value.length;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** As text, when it is: UTF-8 without NULs. A byte order mark stays, so that it is written back. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Writes it over the version that was read, or as a new file where `etag` is empty; `undefined` when another is there by now. */
export async function writeFile(
  cave: string,
  path: string,
  text: string,
  etag: string,
): Promise<string | undefined> {
  try {
    const entry = await api.files.write({
      params: { cave },
      query: { path },
      body: new TextEncoder().encode(text),
      headers: etag === "" ? { "If-None-Match": "*" } : { "If-Match": etag },
    });
    return entry.etag ?? "";
  } catch (error) {
    if (error instanceof GhostError && error.code === "file_changed") return undefined;
    throw error;
  }
}
