import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { Guest, ReadOptions } from "../guest/guest.ts";
import { AppError, isAppError } from "../lib/app-error.ts";
import { takes } from "./answer.ts";
import { headerOf, matches, rangeOf } from "./conditions.ts";
import { Reply } from "./handler.ts";
import type { FileEntry, FolderListing } from "#contract/inside.ts";

interface Query {
  path: string;
  depth: number;
  stat: boolean;
}
type Answer = Reply<Readable | undefined> | Reply<FolderListing | FileEntry>;

/** What the path is decides the answer, unless the caller takes only one kind. */
export async function readPath(
  guest: Guest,
  query: Query,
  headers: IncomingHttpHeaders,
  signal: AbortSignal,
): Promise<Answer> {
  const { path, depth, stat } = query;
  if (stat) return listing(await guest.stat(path, signal));
  const list = async () => listing(await guest.listFolder(path, depth, signal));
  if (!takes(headers.accept, "application/octet-stream")) return list();
  try {
    return await readFile(guest, path, headers, signal);
  } catch (error) {
    if (!isAppError(error, "file_kind") || !takes(headers.accept, "application/json")) throw error;
    return list();
  }
}

const listing = (body: FolderListing | FileEntry): Answer =>
  new Reply(body, { headers: { "content-type": "application/json; charset=utf-8" } });

async function readFile(
  guest: Guest,
  path: string,
  headers: IncomingHttpHeaders,
  signal: AbortSignal,
): Promise<Answer> {
  const range = await rangeWanted(guest, path, headers, signal);
  const { entry, start, length, stream } = await guest.readFile(path, range ? { range } : {}, signal);
  const about = {
    "accept-ranges": "bytes",
    "last-modified": new Date(entry.modifiedAt).toUTCString(),
    ...(entry.etag !== undefined && { etag: entry.etag }),
  };
  if (matches(headerOf(headers, "if-none-match"), entry.etag)) {
    stream.destroy();
    return new Reply(undefined, { status: 304, headers: about });
  }
  const part = range !== undefined && length !== undefined;
  return new Reply(stream, {
    ...(part && { status: 206 }),
    headers: {
      ...about,
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename*=UTF-8''${encodeName(entry.name)}`,
      ...(part && { "content-range": `bytes ${start}-${start + length - 1}/${entry.sizeBytes}` }),
      // Where the kernel tells no size (/proc) there is none to promise.
      ...(length !== undefined && { "content-length": length }),
    },
  });
}

/** The range, unless `If-Range` names a version that is no longer there. */
async function rangeWanted(
  guest: Guest,
  path: string,
  headers: IncomingHttpHeaders,
  signal: AbortSignal,
): Promise<ReadOptions["range"]> {
  const range = rangeOf(headerOf(headers, "range"));
  const condition = headerOf(headers, "if-range");
  if (range === undefined || condition === undefined) return range;
  return (await guest.stat(path, signal)).etag === condition ? range : undefined;
}

function encodeName(name: string): string {
  try {
    return encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  } catch (error) {
    throw new AppError("bad_request", "The file's name cannot be told in a header.", { cause: error });
  }
}
