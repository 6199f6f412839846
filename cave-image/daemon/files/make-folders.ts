import { mkdir, stat } from "node:fs/promises";
import { folderOf, raw, type BytePath } from "../lib/cave-path.ts";
import { errnoOf } from "../lib/problem.ts";

/** A folder and those above it. Node's own way says that a folder is missing where the truth is that the disk is read-only. */
export async function makeFolders(path: BytePath): Promise<void> {
  try {
    await mkdir(raw(path));
  } catch (error) {
    if (errnoOf(error) === "ENOENT" && path !== "/") {
      await makeFolders(folderOf(path));
      await makeFolders(path);
    } else if (errnoOf(error) !== "EEXIST" || !(await stat(raw(path))).isDirectory()) {
      throw error;
    }
  }
}
