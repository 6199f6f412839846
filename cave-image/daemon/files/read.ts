import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { noteActivity } from "../lib/activity.ts";
import { raw, type BytePath } from "../lib/cave-path.ts";
import { countOf, goneSignal, type Exchange, type Handler } from "../lib/exchange.ts";
import { Problem } from "../lib/problem.ts";
import { entryOf } from "./entry.ts";
import { pathOf } from "./stat.ts";

const chunkBytes = 262_144;

export const readContent: Handler = async ({ res, query }) => {
  const path = pathOf(query);
  await using file = await openFile(path);
  const stats = await file.stat({ bigint: true });
  if (!stats.isFile()) {
    throw new Problem(
      "file_kind",
      stats.isDirectory() ? "That is a folder." : "That is neither a file nor a folder.",
    );
  }
  noteActivity("file");
  const entry = entryOf(path, stats);
  res.setHeader("content-type", "application/octet-stream");
  res.setHeader("x-ghost-entry", Buffer.from(JSON.stringify(entry)).toString("base64"));

  // The kernel's own files say that they are empty: they are read to their end.
  const range = entry.sizeBytes === 0 ? undefined : rangeOf(query, entry.sizeBytes);
  res.setHeader("x-ghost-from", range?.from ?? 0);
  if (range) res.setHeader("content-length", range.length);
  await send(res, file, range?.from ?? 0, range?.length);
};

/** Without waiting: a FIFO that somebody put in place of a file must not hang us. */
function openFile(path: BytePath): Promise<FileHandle> {
  return open(raw(path), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
}

function rangeOf(query: URLSearchParams, size: number): { from: number; length: number } {
  const start = countOf(query, "start");
  const end = countOf(query, "end");
  const from = start ?? (end === undefined ? 0 : Math.max(0, size - end));
  const last = start === undefined || end === undefined ? size - 1 : Math.min(end, size - 1);
  if (from > last) throw new Problem("range_not_satisfiable", `The file has ${size} bytes.`);
  return { from, length: last - from + 1 };
}

/** One buffer, written again when the kernel has taken it: a large file costs no more memory than a small one. */
async function send(
  res: Exchange["res"],
  file: FileHandle,
  from: number,
  length: number | undefined,
): Promise<void> {
  const gone = goneSignal(res);
  const buffer = Buffer.allocUnsafeSlow(Math.min(chunkBytes, length ?? chunkBytes));
  let position = from;
  let left = length ?? Infinity;
  while (left > 0 && !gone.aborted) {
    // The kernel's own files may answer in pieces and without positions that mean anything.
    const { bytesRead } = await file.read(
      buffer,
      0,
      Math.min(buffer.length, left),
      length === undefined ? null : position,
    );
    if (bytesRead === 0) break;
    position += bytesRead;
    left -= bytesRead;
    await new Promise<void>((resolve) => {
      gone.addEventListener("abort", () => resolve(), { once: true });
      res.write(buffer.subarray(0, bytesRead), () => resolve());
    });
  }
  if (length !== undefined && left > 0)
    res.destroy(); // the file became shorter
  else res.end();
}
