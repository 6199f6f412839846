import type { BigIntStats } from "node:fs";
import { lstat, readlink, stat } from "node:fs/promises";
import { nameOf, raw, show, type BytePath } from "../lib/cave-path.ts";
import { errnoOf } from "../lib/problem.ts";
import type { FileEntry } from "#contract/inside.ts";

/** Changes whenever the file does: another inode, size or time in nanoseconds. */
export function etagOf(stats: BigIntStats): string {
  return `"${stats.ino.toString(36)}-${stats.size.toString(36)}-${stats.mtimeNs.toString(36)}"`;
}

export function kindOf(stats: BigIntStats): FileEntry["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "other";
}

export function entryOf(path: BytePath, stats: BigIntStats): FileEntry {
  const kind = kindOf(stats);
  return {
    name: show(nameOf(path)),
    path: show(path),
    kind,
    sizeBytes: Number(stats.size),
    modifiedAt: new Date(Number(stats.mtimeMs)).toISOString(),
    mode: Number(stats.mode & 0o7777n),
    ...(kind === "file" && { etag: etagOf(stats) }),
  };
}

/** What is at the path itself: a link is a link. */
export async function entryAt(path: BytePath): Promise<FileEntry> {
  const entry = entryOf(path, await lstat(raw(path), { bigint: true }));
  if (entry.kind !== "link") return entry;
  return { ...entry, target: show((await readlink(raw(path), "buffer")).toString("latin1")) };
}

/** What the path leads to. A link that leads nowhere is shown as itself. */
export async function entryBehind(path: BytePath): Promise<FileEntry> {
  try {
    return entryOf(path, await stat(raw(path), { bigint: true }));
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    return entryAt(path);
  }
}
