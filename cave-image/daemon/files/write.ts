import { linkSync, lstatSync, renameSync, statSync, type BigIntStats } from "node:fs";
import { chmod, lstat, open, readlink, unlink, type FileHandle } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { noteActivity } from "../lib/activity.ts";
import { crypto } from "../lib/builtin.ts";
import { folderOf, join, raw, resolveFrom, show, type BytePath } from "../lib/cave-path.ts";
import { bodyOf, flagOf, sendJson, type Handler } from "../lib/exchange.ts";
import { errnoOf, Problem } from "../lib/problem.ts";
import { entryBehind, etagOf } from "./entry.ts";
import { makeFolders } from "./make-folders.ts";
import { pathOf } from "./stat.ts";

/** Files that are being written; nobody is told of them. */
export const uploadPrefix = ".ghost-upload-";

interface Conditions {
  ifMatch: string | undefined;
  mustBeNew: boolean;
}

/** Whole or not at all: into a file beside the target, then renamed over it. */
export const writeContent: Handler = async ({ req, res, query }) => {
  const asked = pathOf(query);
  const conditions = { ifMatch: req.headers["if-match"], mustBeNew: req.headers["if-none-match"] === "*" };
  const mode = modeOf(query);
  noteActivity("file");
  if (flagOf(query, "mkdirs")) await makeFolders(folderOf(asked));
  const target = await behindLinks(asked);
  check(target, conditions);

  const upload = join(folderOf(target), `${uploadPrefix}${crypto.randomBytes(8).toString("hex")}`);
  try {
    {
      await using file = await open(raw(upload), "wx", 0o666);
      await receive(req, file);
    }
    await replace(upload, target, mode, conditions);
  } catch (error) {
    await unlink(raw(upload)).catch(() => undefined);
    throw error;
  }
  sendJson(res, await entryBehind(asked));
};

function modeOf(query: URLSearchParams): number | undefined {
  const mode = query.get("mode");
  if (mode === null) return undefined;
  if (!/^[0-7]{1,4}$/.test(mode)) throw new Problem("invalid_input", "`mode` is not octal.");
  return Number.parseInt(mode, 8);
}

/** The file that a link stands for, even if it is still to be made, so that the link stays a link. */
async function behindLinks(path: BytePath): Promise<BytePath> {
  let target = path;
  for (let links = 0; links < 40; links++) {
    const stats = await lstat(raw(target)).catch((error: unknown) => {
      if (errnoOf(error) !== "ENOENT") throw error;
    });
    if (!stats?.isSymbolicLink()) return target;
    target = resolveFrom(folderOf(target), (await readlink(raw(target), "buffer")).toString("latin1"));
  }
  throw new Problem("file_not_found", "The path runs through too many links.");
}

async function receive(req: IncomingMessage, file: FileHandle): Promise<void> {
  for await (const chunk of bodyOf(req)) {
    for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten;
  }
  if (!req.complete) throw new Problem("bad_request", "The upload broke off.");
}

/** Throws where the target may not be written; otherwise what is there now. */
function check(target: BytePath, { ifMatch, mustBeNew }: Conditions): BigIntStats | undefined {
  const stats = lstatSync(raw(target), { bigint: true, throwIfNoEntry: false });
  if (stats && mustBeNew) throw new Problem("file_changed", `${show(target)} exists already.`);
  if (stats && !stats.isFile()) {
    throw new Problem(
      "file_kind",
      stats.isDirectory() ? `${show(target)} is a folder.` : `${show(target)} is not a file.`,
    );
  }
  if (
    ifMatch !== undefined &&
    (!stats || (ifMatch !== "*" && !ifMatch.split(/\s*,\s*/).includes(etagOf(stats))))
  ) {
    throw new Problem("file_changed", `${show(target)} is not the one that was read.`);
  }
  return stats;
}

async function replace(
  upload: BytePath,
  target: BytePath,
  mode: number | undefined,
  conditions: Conditions,
): Promise<void> {
  const kept = mode ?? modeBefore(target);
  if (kept !== undefined) await chmod(raw(upload), kept);
  // Between the check and the rename nothing is awaited: no other request of ours comes between.
  check(target, conditions);
  if (conditions.mustBeNew) {
    linkSync(raw(upload), raw(target));
    await unlink(raw(upload));
  } else {
    renameSync(raw(upload), raw(target));
  }
}

function modeBefore(target: BytePath): number | undefined {
  const stats = statSync(raw(target), { throwIfNoEntry: false });
  return stats && stats.mode & 0o7777;
}
