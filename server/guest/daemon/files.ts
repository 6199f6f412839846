import type { Readable } from "node:stream";
import { z } from "zod";
import type { FileRead, Guest, ReadOptions, WriteOptions } from "../guest.ts";
import { nonsense, parsed, type DaemonClient } from "./client.ts";
import { lines } from "./lines.ts";
import { daemonPath } from "#contract/daemon.ts";
import { FileChange, FileEntry, FolderListing, ReplaceResult, SearchResult } from "#contract/inside.ts";

/** The contract leaves `children` open, because a schema of itself has no place in OpenAPI; here it is held to it. */
const Entry: z.ZodType<FileEntry> = FileEntry.extend({
  children: z.array(z.lazy(() => Entry)).optional(),
}) as z.ZodType<FileEntry>;
const Listing = FolderListing.extend({ entries: z.array(Entry) });
const Size = z.coerce.number().int().nonnegative();

type FileVerbs = Pick<
  Guest,
  | "stat"
  | "readFile"
  | "listFolder"
  | "writeFile"
  | "removeFile"
  | "moveFile"
  | "makeFolder"
  | "searchFiles"
  | "replaceInFiles"
  | "watchFiles"
  | "readArchive"
  | "writeArchive"
>;

export function fileVerbs(client: DaemonClient): FileVerbs {
  return {
    stat: (path, signal) => client.json(Entry, { path: daemonPath.stat, query: { path } }, signal),
    listFolder: (path, depth, signal) =>
      client.json(Listing, { path: daemonPath.folder, query: { path, depth } }, signal),
    readFile: (path, options, signal) => readFile(client, path, options, signal),
    writeFile: (path, body, options, signal) => writeFile(client, path, body, options, signal),
    async removeFile(path, { recursive }, signal) {
      await client.json(
        z.unknown(),
        { method: "DELETE", path: daemonPath.files, query: { path, recursive } },
        signal,
      );
    },
    moveFile: (input, signal) =>
      client.json(Entry, { method: "POST", path: daemonPath.move, json: input }, signal),
    makeFolder: (input, signal) =>
      client.json(Entry, { method: "POST", path: daemonPath.mkdir, json: input }, signal),
    searchFiles: (input, signal) =>
      client.json(SearchResult, { method: "POST", path: daemonPath.search, json: input }, signal),
    replaceInFiles: (input, signal) =>
      client.json(ReplaceResult, { method: "POST", path: daemonPath.replace, json: input }, signal),
    async watchFiles(path, signal) {
      const { res } = await client.open({ path: daemonPath.watchFiles, query: { path } }, signal);
      return lines(res, FileChange, signal);
    },
    async readArchive(path, signal) {
      return (await client.open({ path: daemonPath.archive, query: { path } }, signal)).res;
    },
    async writeArchive(path, tar, signal) {
      await client.json(
        z.unknown(),
        { method: "PUT", path: daemonPath.archive, query: { path }, body: tar },
        signal,
      );
    },
  };
}

async function readFile(
  client: DaemonClient,
  path: string,
  { range }: ReadOptions,
  signal: AbortSignal,
): Promise<FileRead> {
  const { res } = await client.open(
    { path: daemonPath.content, query: { path, start: range?.start, end: range?.end } },
    signal,
  );
  const header = (name: string) => {
    const value = res.headers[name];
    return typeof value === "string" ? value : "";
  };
  try {
    const length = res.headers["content-length"];
    return {
      entry: parsed(Entry, json(Buffer.from(header("x-ghost-entry"), "base64").toString())),
      start: parsed(Size, header("x-ghost-from")),
      ...(length !== undefined && { length: parsed(Size, length) }),
      stream: res,
    };
  } catch (error) {
    res.destroy();
    throw error;
  }
}

function writeFile(
  client: DaemonClient,
  path: string,
  body: Readable,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<FileEntry> {
  const { ifMatch, ifNoneMatch, mkdirs, mode } = options;
  const headers = {
    "content-type": "application/octet-stream",
    ...(ifMatch !== undefined && { "if-match": ifMatch }),
    ...(ifNoneMatch !== undefined && { "if-none-match": ifNoneMatch }),
  };
  const query = { path, mkdirs, mode: mode?.toString(8) };
  return client.json(Entry, { method: "PUT", path: daemonPath.content, query, headers, body }, signal);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw nonsense(error);
  }
}
