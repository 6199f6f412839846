import { join } from "./paths.ts";

export interface Dropped {
  readonly path: string;
  readonly file: File;
}

/** More than this by accident is a home folder; by intention it is an archive. */
export const mostFiles = 10_000;

export interface DroppedAll {
  readonly files: readonly Dropped[];
  /** Those with nothing in them: no file makes them on its way. */
  readonly emptyFolders: readonly string[];
}

/** What was dropped, folders with all that is in them. The transfer is empty after the event: call it at once. */
export async function droppedFiles(
  transfer: Pick<DataTransfer, "items">,
  folder: string,
): Promise<DroppedAll> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found = { files: [] as Dropped[], emptyFolders: [] as string[] };
  for (const entry of entries) await collect(entry, folder, found);
  return found;
}

interface Found {
  readonly files: Dropped[];
  readonly emptyFolders: string[];
}

async function collect(entry: FileSystemEntry, folder: string, found: Found): Promise<void> {
  const path = join(folder, entry.name);
  if (entry.isFile) {
    if (found.files.length >= mostFiles)
      throw new Error(`More than ${mostFiles.toLocaleString("en")} files at once.`);
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    found.files.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (let first = true; ; first = false) {
    // A hundred at a time, and none when there are no more.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) {
      if (first && found.emptyFolders.length < mostFiles) found.emptyFolders.push(path);
      return;
    }
    for (const one of some) await collect(one, path, found);
  }
}
