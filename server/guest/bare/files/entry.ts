import { AppError } from "../../../lib/app-error.ts";
import { nameOf, show, type BytePath } from "../cave-path.ts";
import type { FileEntry } from "#contract/inside.ts";

/** For `stat -c`: kind and mode, size, time in nanoseconds, inode. */
export const statFormat = "%f %s %y %i";

/** `stat -c` of a file and its etag are made of the same: `etag` in write.ts makes it inside the cave. */
const pattern = /^([0-9a-f]+) (\d+) (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)? \+0000 (\d+)$/;

const kinds: Record<number, FileEntry["kind"]> = { 0x8000: "file", 0x4000: "folder", 0xa000: "link" };

export function parseEntry(path: BytePath, line: string, target?: string): FileEntry {
  const [, modeText = "", size = "", day = "", time = "", fraction = "", inode = ""] =
    pattern.exec(line) ?? [];
  if (inode === "") throw new AppError("cave_unreachable", "The cave's stat does not answer as it should.");
  const mode = Number.parseInt(modeText, 16);
  const kind = kinds[mode & 0xf000] ?? "other";
  return {
    name: show(nameOf(path)),
    path: show(path),
    kind,
    sizeBytes: Number(size),
    modifiedAt: new Date(`${day}T${time}${fraction.slice(0, 4)}Z`).toISOString(),
    mode: mode & 0o7777,
    ...(kind === "link" && target !== undefined && { target: show(target) }),
    ...(kind === "file" && { etag: `"${inode}-${size}-${day}T${time}${fraction}"` }),
  };
}

/** What a script wrote of one file: a line, and of a link its target. */
export function readEntry(path: BytePath, answer: Buffer): FileEntry {
  const text = answer.toString("latin1");
  const end = text.indexOf("\n");
  return parseEntry(path, text.slice(0, end), text.slice(end + 1));
}
