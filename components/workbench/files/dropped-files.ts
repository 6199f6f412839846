import { join } from "./paths.ts";

export interface Dropped {
  readonly path: string;
  readonly file: File;
}

/** More than this by accident is a home folder; by intention it is an archive. */
export const mostFiles = 10_000;

/** What was dropped, folders with all that is in them. The transfer is empty after the event: call it at once. */
export async function droppedFiles(transfer: DataTransfer, folder: string): Promise<Dropped[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found: Dropped[] = [];
  for (const entry of entries) await collect(entry, folder, found);
  return found;
}

async function collect(entry: FileSystemEntry, folder: string, found: Dropped[]): Promise<void> {
  const path = join(folder, entry.name);
  if (entry.isFile) {
    if (found.length >= mostFiles)
      throw new Error(`More than ${mostFiles.toLocaleString("en")} files at once.`);
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    found.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A hundred at a time, and none when there are no more.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    for (const one of some) await collect(one, path, found);
  }
}
