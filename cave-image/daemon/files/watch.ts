import { watch as watchFolder, type FSWatcher } from "node:fs";
import { lstat, opendir } from "node:fs/promises";
import { fromRaw, join, nameOf, raw, show, type BytePath } from "../lib/cave-path.ts";
import { lineWriter, type Handler } from "../lib/exchange.ts";
import { Problem } from "../lib/problem.ts";
import { kindOf } from "./entry.ts";
import { pathOf } from "./stat.ts";
import { uploadPrefix } from "./write.ts";
import type { FileChange } from "#contract/inside.ts";

/** The kernel gives a user some thousand watches. Nearer folders get theirs first. */
const mostFolders = 4096;
/** Changes of one path within this time are told once. */
const settleMs = 50;
/** Full of files that nobody edits. */
const skipped = new Set([".git", "node_modules"]);

export const watchFiles: Handler = async ({ res, query }) => {
  const path = pathOf(query);
  const stats = await lstat(raw(path));
  if (!stats.isDirectory()) throw new Problem("file_kind", "Only a folder can be watched.");
  const early: FileChange[] = [];
  let tell = (change: FileChange): unknown => early.push(change);
  const watcher = new TreeWatcher((change) => tell(change));
  res.once("close", () => watcher.close());
  await watcher.add(path);
  tell = lineWriter(res); // whoever sees the answer's head may rely on being told from now on
  for (const change of early) tell(change);
};

class TreeWatcher {
  readonly #tell: (change: FileChange) => unknown;
  readonly #folders = new Map<BytePath, { watcher: FSWatcher; names: Set<string> }>();
  readonly #touched = new Set<BytePath>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(tell: (change: FileChange) => unknown) {
    this.#tell = tell;
  }

  /** The folder and those below it, breadth first. */
  async add(path: BytePath): Promise<BytePath[]> {
    const found: BytePath[] = [];
    for (let level = [path]; level.length > 0;) {
      const below: BytePath[] = [];
      for (const folder of level) below.push(...(await this.#addOne(folder, found)));
      level = below;
    }
    return found;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const { watcher } of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  /** Its subfolders. */
  async #addOne(folder: BytePath, found: BytePath[]): Promise<BytePath[]> {
    if (this.#closed || this.#folders.has(folder) || this.#folders.size >= mostFolders) return [];
    const names = new Set<string>();
    const subfolders: BytePath[] = [];
    try {
      // Watching comes before reading, so that nothing falls between.
      const watcher = watchFolder(
        raw(folder),
        { encoding: "buffer" },
        (_, name) => name && this.#touch(join(folder, fromRaw(name))),
      );
      watcher.on("error", () => this.#drop(folder));
      this.#folders.set(folder, { watcher, names });
      const entries = await opendir(raw(folder), { encoding: "buffer" as BufferEncoding });
      for await (const entry of entries) {
        const name = fromRaw(entry.name as unknown as Buffer);
        names.add(name);
        found.push(join(folder, name));
        if (entry.isDirectory() && !skipped.has(name)) subfolders.push(join(folder, name));
      }
    } catch {
      this.#drop(folder); // it went, or is closed to us
    }
    return subfolders;
  }

  #drop(folder: BytePath): void {
    this.#folders.get(folder)?.watcher.close();
    this.#folders.delete(folder);
  }

  #touch(path: BytePath): void {
    if (nameOf(path).startsWith(uploadPrefix)) return;
    this.#touched.add(path);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const touched = [...this.#touched];
      this.#touched.clear();
      void this.#look(touched);
    }, settleMs);
  }

  async #look(touched: readonly BytePath[]): Promise<void> {
    for (const path of touched) {
      if (this.#closed) return;
      const stats = await lstat(raw(path), { bigint: true }).catch(() => undefined);
      const known = this.#folders.get(join(path, ".."))?.names;
      const name = nameOf(path);
      if (!stats) {
        this.#drop(path);
        if (known?.delete(name)) this.#tell({ path: show(path), change: "removed" });
        continue;
      }
      const isNew = known !== undefined && !known.has(name);
      known?.add(name);
      this.#tell({ path: show(path), change: isNew ? "created" : "changed", kind: kindOf(stats) });
      if (isNew && stats.isDirectory() && !skipped.has(name)) await this.#adopt(path);
    }
  }

  /** A folder that came with things in it, or got them before we looked. */
  async #adopt(folder: BytePath): Promise<void> {
    for (const path of await this.add(folder)) {
      const stats = await lstat(raw(path), { bigint: true }).catch(() => undefined);
      if (stats && !nameOf(path).startsWith(uploadPrefix))
        this.#tell({ path: show(path), change: "created", kind: kindOf(stats) });
    }
  }
}
