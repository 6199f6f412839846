import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, posix, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Cli } from "./cli.ts";
import type { CopyProgress } from "./copy-progress.ts";
import { Failure, reasonOf, usage } from "./failure.ts";
import { octal } from "./file-mode.ts";
import { write } from "./output.ts";
import { meansContents, nameOf, type Place } from "./place.ts";
import { clean } from "./style.ts";
import { untar } from "./untar.ts";
import { GhostError, type Client } from "#contract/client.ts";
import type { FileEntry } from "#contract/inside.ts";

export interface Copy {
  readonly cli: Cli;
  readonly client: Client;
  readonly progress: CopyProgress;
}
type InCave = Extract<Place, { kind: "cave" }>;
type Bytes = AsyncIterable<Uint8Array>;

export async function localToCave(copy: Copy, from: string, to: InCave): Promise<void> {
  const source = await stat(from).catch((error: unknown) => {
    throw new Failure(`${from} cannot be read: ${reasonOf(error)}`, { code: "file_not_found" });
  });
  const name = basename(resolve(from));
  if (source.isDirectory()) {
    await unpack(
      copy,
      to,
      copy.progress.count(packed(from, copy.cli.signal)),
      meansContents(from) ? undefined : name,
    );
    return;
  }
  const content = copy.progress.count(createReadStream(from), source.isFile() ? source.size : undefined);
  await put(copy, to, content, name, source.isFile() ? source.mode : undefined);
}

export async function pipeToCave(copy: Copy, to: InCave): Promise<void> {
  if (/\/$/.test(to.path)) throw usage("What comes from stdin needs a file's name in the cave.");
  await put(copy, to, copy.progress.count(copy.cli.stdin as Bytes), undefined);
}

export async function caveToPipe(copy: Copy, from: InCave): Promise<void> {
  const entry = await entryOf(copy, from);
  for await (const chunk of await get(copy, from, entry))
    await write(copy.cli.stdout, chunk, copy.cli.signal);
}

export async function caveToCave(copy: Copy, from: InCave, to: InCave): Promise<void> {
  const entry = await entryOf(copy, from);
  const content = copy.progress.count(await get(copy, from, entry), totalOf(entry));
  const name = nameOf(from.path);
  if (entry.kind === "folder") await unpack(copy, to, content, meansContents(from.path) ? undefined : name);
  else await put(copy, to, content, name, entry.mode);
}

export async function caveToLocal(copy: Copy, from: InCave, to: string): Promise<void> {
  const entry = await entryOf(copy, from);
  const existing = await stat(to).catch(() => undefined);
  const content = copy.progress.count(await get(copy, from, entry), totalOf(entry));
  if (entry.kind !== "folder") {
    const into = existing?.isDirectory() === true || /\/$/.test(to);
    await save(into ? join(to, nameOf(from.path)) : to, content, entry.mode, copy.cli.signal);
    return;
  }
  if (existing && !existing.isDirectory()) throw new Failure(`${to} is not a folder.`, { code: "file_kind" });
  const folder = existing && !meansContents(from.path) ? join(to, nameOf(from.path)) : to;
  let skipped = 0;
  await untar(content, folder, {
    skipped: (what) => {
      if (++skipped <= 10) copy.progress.tell(`left out ${clean(what)}`);
    },
  });
  if (skipped > 10) copy.progress.tell(`left out ${skipped - 10} more`);
}

const totalOf = (entry: FileEntry): number | undefined =>
  entry.kind === "file" ? entry.sizeBytes : undefined;

async function entryOf({ client, cli }: Copy, { cave, path }: InCave): Promise<FileEntry> {
  const found = await client.files.read({ params: { cave }, query: { path, stat: true } }, cli.call);
  if ("entries" in found)
    throw new Failure("The gateway told something else than was asked.", { code: "internal" });
  return found as FileEntry;
}

async function existingIn(copy: Copy, place: InCave): Promise<FileEntry | undefined> {
  try {
    return await entryOf(copy, place);
  } catch (error) {
    if (error instanceof GhostError && error.code === "file_not_found") return undefined;
    throw error;
  }
}

/** A file's bytes, a folder's tar. */
async function get({ client, cli }: Copy, { cave, path }: InCave, entry: FileEntry): Promise<Bytes> {
  const input = { params: { cave }, query: { path } };
  const { read, download } = client.files;
  const { body } = await (entry.kind === "folder" ? download : read).stream(input, cli.call);
  return body ?? new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
}

/** As cp does: into the target where that is a folder, over it otherwise. */
async function put(
  copy: Copy,
  to: InCave,
  body: Bytes,
  name: string | undefined,
  mode?: number,
): Promise<void> {
  const asFolder = /\/$/.test(to.path);
  const into = name !== undefined && (asFolder || (await existingIn(copy, to))?.kind === "folder");
  const query = {
    path: into ? posix.join(to.path, name) : to.path,
    mkdirs: asFolder,
    ...(mode !== undefined && { mode: octal(mode) }),
  };
  await copy.client.files.write({ params: { cave: to.cave }, query, body }, copy.cli.call);
}

async function unpack(copy: Copy, to: InCave, body: Bytes, name: string | undefined): Promise<void> {
  const existing = await existingIn(copy, to);
  if (existing && existing.kind !== "folder")
    throw new Failure(`${to.path} in ${to.cave} is not a folder.`, { code: "file_kind" });
  const into = name !== undefined && (existing !== undefined || /\/$/.test(to.path));
  const path = into ? posix.join(to.path, name) : to.path;
  await copy.client.files.upload({ params: { cave: to.cave }, query: { path }, body }, copy.cli.call);
}

/** A folder of this machine as tar. Ends in an error where tar does, so that half of it is never taken for the whole. */
async function* packed(folder: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  // Apple's tar would add its own metadata as files.
  const env = { ...process.env, COPYFILE_DISABLE: "1" };
  const tar = spawn("tar", ["-C", folder, "-cf", "-", "."], {
    stdio: ["ignore", "pipe", "pipe"],
    env,
    signal,
  });
  const closed = once(tar, "close") as Promise<[number | null]>;
  closed.catch(() => undefined);
  const said = text(tar.stderr);
  yield* tar.stdout;
  const [code] = await closed.catch((error: unknown) => {
    throw new Failure(`tar could not be started: ${reasonOf(error)}`, { hint: "Install tar and try again." });
  });
  if (code !== 0)
    throw new Failure(`${folder} could not be packed: ${(await said).trim()}`, { code: "file_denied" });
}

/** Beside the target and then in its place: a copy that breaks off leaves what was there. */
async function save(to: string, content: Bytes, mode: number, signal: AbortSignal): Promise<void> {
  const existing = await stat(to).catch(() => undefined);
  if (existing && !existing.isFile()) {
    await pipeline(content, createWriteStream(to), { signal }); // a device or a named pipe
    return;
  }
  const target = existing ? await realpath(to) : to;
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID().slice(0, 8)}`);
  try {
    await pipeline(content, createWriteStream(temporary, { flags: "wx", mode: 0o600 }), { signal });
    await chmod(temporary, mode & 0o777);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
