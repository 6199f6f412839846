import { api, GhostError } from "../../lib/api.ts";
import { nameOf } from "../files/paths.ts";

export const mostEditable = 4 * 1_048_576;
const mostShown = 64 * 1_048_576;

/** A file as the editor can show it. */
export type Opened =
  | { readonly kind: "text"; readonly text: string; readonly etag: string }
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
  const size = Number(response.headers.get("content-length") ?? 0);
  const media = ending === "pdf" ? "application/pdf" : images[ending];
  const limit = media === undefined ? mostEditable : mostShown;
  if (size > limit) {
    await response.body?.cancel();
    return { kind: "other", reason: "It is too large to be shown here." };
  }
  const bytes = await response.arrayBuffer();
  signal.throwIfAborted();
  if (media !== undefined && ending !== "svg") {
    const url = URL.createObjectURL(new Blob([bytes], { type: media }));
    return { kind: ending === "pdf" ? "pdf" : "image", url };
  }
  const text = decode(bytes);
  if (text === undefined) return { kind: "other", reason: "It is not text." };
  return { kind: "text", text, etag: response.headers.get("etag") ?? "" };
}

/** As text, when it is: UTF-8 without NULs. A byte order mark stays, so that it is written back. */
function decode(bytes: ArrayBuffer): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Writes it over the version that was read; `undefined` when another is there by now. */
export async function writeFile(
  cave: string,
  path: string,
  text: string,
  etag: string | undefined,
): Promise<string | undefined> {
  try {
    const entry = await api.files.write({
      params: { cave },
      query: { path },
      body: new TextEncoder().encode(text),
      ...(etag !== undefined && { headers: { "If-Match": etag } }),
    });
    return entry.etag ?? "";
  } catch (error) {
    if (error instanceof GhostError && error.code === "file_changed") return undefined;
    throw error;
  }
}
