import { constants } from "node:fs";
import { chmod, link, lstat, mkdir, open, realpath, symlink, unlink, utimes } from "node:fs/promises";
import { Failure } from "./failure.ts";
import { readTar, type TarEntry } from "./tar-reader.ts";

export interface UntarOptions {
  /** Told about what was left out, and why. */
  readonly skipped: (what: string) => void;
}

/**
 * Unpacks what a cave sent into a folder, and nowhere else. Whatever runs in the cave can write any archive it likes, so no path of it leads up
 * or through a link, and nothing is written through what was there before. Links come last, and only those that stay inside.
 */
export async function untar(
  source: AsyncIterable<Uint8Array>,
  folder: string,
  options: UntarOptions,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const place = new Place(Buffer.from(await realpath(folder)).toString("latin1"));
  const links: TarEntry[] = [];
  const folders: [path: Buffer, entry: TarEntry][] = [];
  const written = new Set<string>();
  for await (const entry of readTar(source)) {
    const parts = partsOf(entry.name);
    const name = parts.join("/");
    if (parts.length === 0) continue;
    if (entry.kind === "folder") {
      await place.folder(parts);
      folders.push([place.path(parts), entry]);
    } else if (entry.kind === "file") {
      await place.folder(parts.slice(0, -1));
      await writeFile(place.path(parts), entry);
      written.add(name);
    } else if (entry.kind === "symlink") links.push(entry);
    else if (entry.kind === "hardlink") {
      const target = partsOf(entry.target);
      // Only to what this archive brought: any other file here is none of its business.
      if (written.has(target.join("/"))) {
        await place.folder(parts.slice(0, -1));
        await remove(place.path(parts));
        await link(place.path(target), place.path(parts));
        written.add(name);
      } else options.skipped(`${shown(name)}: a link to a file outside`);
    } else options.skipped(`${shown(name)}: neither file, folder nor link`);
  }
  for (const entry of links) await place.link(entry, options);
  // Last and from the inside out: a folder may be read-only, and writing into it changes its time.
  for (const [path, { mode, modifiedAt }] of folders.reverse()) {
    await chmod(path, mode);
    await utimes(path, modifiedAt, modifiedAt);
  }
}

function partsOf(name: string): string[] {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (name.startsWith("/") || parts.includes("..") || name.includes("\0"))
    throw new Failure(`The cave sent an archive with a path that leads out of the folder: ${shown(name)}`, {
      code: "unsafe_archive",
      hint: "Nothing outside the folder was touched. Something in the cave may have meant harm.",
    });
  return parts;
}

const shown = (name: string): string => Buffer.from(name, "latin1").toString("utf8");

class Place {
  readonly #root: string;
  /** Seen to be true folders; none of them turns into a link while this runs. */
  readonly #known = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  path(parts: readonly string[]): Buffer {
    return Buffer.from([this.#root, ...parts].join("/"), "latin1");
  }

  /** Makes it and those above, each of them a true folder and no link to one. */
  async folder(parts: readonly string[]): Promise<void> {
    for (let depth = 1; depth <= parts.length; depth++) {
      const upTo = parts.slice(0, depth);
      const name = upTo.join("/");
      if (this.#known.has(name)) continue;
      const found = await look(this.path(upTo));
      if (!found) await mkdir(this.path(upTo), 0o700);
      else if (!found.isDirectory()) throw inTheWay(name, "a folder");
      this.#known.add(name);
    }
  }

  async link(entry: TarEntry, { skipped }: UntarOptions): Promise<void> {
    const parts = partsOf(entry.name);
    const depth = parts.length - 1;
    const target = entry.target.split("/").filter((part) => part !== "" && part !== ".");
    const ups = target.findIndex((part) => part !== "..");
    const climbs = ups < 0 ? target.length : ups;
    // Past a name, `..` leads to the parent of wherever that name may point.
    const stays = !entry.target.startsWith("/") && climbs <= depth && !target.slice(climbs).includes("..");
    if (!stays) {
      skipped(`${shown(entry.name)}: a link out of the folder, to ${shown(entry.target)}`);
      return;
    }
    const there = await look(this.path(parts));
    if (there?.isDirectory()) {
      skipped(`${shown(entry.name)}: a folder is in its place`);
      return;
    }
    await this.folder(parts.slice(0, -1));
    if (there) await unlink(this.path(parts));
    await symlink(Buffer.from(entry.target, "latin1"), this.path(parts));
  }
}

async function writeFile(path: Buffer, entry: TarEntry): Promise<void> {
  await remove(path);
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  await using file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  for await (const chunk of entry.content) await file.writeFile(chunk);
  await file.chmod(entry.mode);
  await file.utimes(entry.modifiedAt, entry.modifiedAt);
}

async function remove(path: Buffer): Promise<void> {
  const found = await look(path);
  if (found?.isDirectory()) throw inTheWay(path.toString("utf8"), "a file");
  if (found) await unlink(path);
}

const look = (path: Buffer) =>
  lstat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });

const inTheWay = (name: string, wanted: string): Failure =>
  new Failure(`${shown(name)} is in the way: it should be ${wanted}, and is not.`, {
    code: "file_kind",
    hint: "Remove it, or copy to another folder.",
  });
