import { execFile } from "node:child_process";
import { lstat, mkdir, rename, rm, rmdir, unlink } from "node:fs/promises";
import { noteActivity } from "../lib/activity.ts";
import { folderOf, parsePath, raw, show, type BytePath } from "../lib/cave-path.ts";
import { childEnvironment } from "../lib/environment.ts";
import { flagOf, readObject, sendJson, type Handler } from "../lib/exchange.ts";
import { flag, requiredText } from "../lib/fields.ts";
import { errnoOf, Problem } from "../lib/problem.ts";
import { entryAt, entryBehind } from "./entry.ts";
import { makeFolders } from "./make-folders.ts";
import { pathOf } from "./stat.ts";

export const removeFile: Handler = async ({ res, query }) => {
  const path = pathOf(query);
  noteActivity("file");
  const stats = await lstat(raw(path));
  if (!stats.isDirectory()) await unlink(raw(path));
  else if (flagOf(query, "recursive")) await rm(raw(path), { recursive: true });
  else await rmdir(raw(path));
  sendJson(res, {});
};

export const makeFolder: Handler = async ({ req, res }) => {
  const body = await readObject(req);
  const path = parsePath(requiredText(body, "path"));
  noteActivity("file");
  await (flag(body, "parents") ? makeFolders(path) : mkdir(raw(path)));
  sendJson(res, await entryBehind(path));
};

export const moveFile: Handler = async ({ req, res }) => {
  const body = await readObject(req);
  const from = parsePath(requiredText(body, "from"));
  const to = parsePath(requiredText(body, "to"));
  noteActivity("file");
  await lstat(raw(from));
  if (flag(body, "mkdirs")) await makeFolders(folderOf(to));
  if (!flag(body, "overwrite") && (await exists(to)))
    throw new Problem("file_exists", `${show(to)} exists already.`);
  try {
    await rename(raw(from), raw(to));
  } catch (error) {
    if (errnoOf(error) !== "EXDEV") throw error;
    await moveAcross(from, to);
  }
  sendJson(res, await entryAt(to));
};

async function exists(path: BytePath): Promise<boolean> {
  try {
    await lstat(raw(path));
    return true;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** Another file system: mv copies and removes. Names that are not UTF-8 can be no arguments, so they come in through the shell's printf. */
async function moveAcross(from: BytePath, to: BytePath): Promise<void> {
  const escape = (path: BytePath) =>
    path.replace(/[^A-Za-z0-9/._-]/g, (char) => `\\0${char.charCodeAt(0).toString(8).padStart(3, "0")}`);
  const script = 'from=$(printf "%b." "$1") to=$(printf "%b." "$2"); exec mv -T -- "${from%.}" "${to%.}"';
  await new Promise<void>((resolve, reject) => {
    const argv = ["-c", script, "mv", escape(from), escape(to)];
    execFile("/bin/sh", argv, { env: { ...childEnvironment(), LC_ALL: "C" } }, (error, _, stderr) => {
      if (!error) {
        resolve();
        return;
      }
      const full = stderr.includes("No space left on device");
      const denied = stderr.includes("Permission denied") || stderr.includes("Read-only file system");
      const why = stderr.trim().split("\n").at(-1)?.slice(0, 300) ?? "";
      reject(
        new Problem(
          full ? "disk_full" : denied ? "file_denied" : "file_exists",
          why || "It could not be moved.",
        ),
      );
    });
  });
}
