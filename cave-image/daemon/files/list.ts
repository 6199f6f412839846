import { opendir } from "node:fs/promises";
import { fromRaw, join, raw, show, type BytePath } from "../lib/cave-path.ts";
import { countOf, sendJson, type Handler } from "../lib/exchange.ts";
import { errnoOf } from "../lib/problem.ts";
import { entryAt } from "./entry.ts";
import { pathOf } from "./stat.ts";
import type { FileEntry, FolderListing } from "#contract/inside.ts";

const mostEntries = 10_000;
const atOnce = 64;

/** Breadth first, so that what a limit cuts off is deep down. */
export const listFolder: Handler = async ({ res, query }) => {
  const path = pathOf(query);
  const depth = Math.max(1, Math.min(countOf(query, "depth") ?? 1, 64));
  const left = { entries: mostEntries, truncated: false };
  const top = await readFolder(path, left);

  let level = top;
  for (let deep = 1; deep < depth && level.length > 0; deep++) {
    const below: Found[] = [];
    for (const { entry, path: folder } of level) {
      if (entry.kind !== "folder") continue;
      const children = await readFolder(folder, left).catch(ignoreUnreadable);
      entry.children = children.map((child) => child.entry);
      below.push(...children);
    }
    level = below;
  }
  const listing: FolderListing = {
    path: show(path),
    entries: top.map(({ entry }) => entry),
    truncated: left.truncated,
  };
  sendJson(res, listing);
};

interface Found {
  path: BytePath;
  entry: FileEntry;
}

async function readFolder(path: BytePath, left: { entries: number; truncated: boolean }): Promise<Found[]> {
  const names: BytePath[] = [];
  // @types/node knows no Buffer paths here; Node does.
  const folder = await opendir(raw(path), {
    encoding: "buffer" as BufferEncoding,
    bufferSize: 256,
  });
  for await (const { name } of folder) {
    if (left.entries === 0) {
      left.truncated = true;
      break;
    }
    left.entries--;
    names.push(fromRaw(name as unknown as Buffer));
  }
  names.sort();
  const found: Found[] = [];
  for (let at = 0; at < names.length; at += atOnce) {
    const some = names.slice(at, at + atOnce).map(async (name) => {
      const child = join(path, name);
      return { path: child, entry: await entryAt(child).catch(ignoreGone) };
    });
    for (const { path: child, entry } of await Promise.all(some))
      if (entry) found.push({ path: child, entry });
  }
  return found;
}

function ignoreGone(error: unknown): undefined {
  if (errnoOf(error) !== "ENOENT" && errnoOf(error) !== "EACCES") throw error;
}

function ignoreUnreadable(error: unknown): Found[] {
  if (!["ENOENT", "EACCES", "EPERM", "ENOTDIR"].includes(errnoOf(error) ?? "")) throw error;
  return [];
}
