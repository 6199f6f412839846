import { argumentOf, type BytePath } from "../cave-path.ts";
import type { Shell } from "../shell.ts";
import { readEntry, statFormat } from "./entry.ts";
import type { FileEntry } from "#contract/inside.ts";

/** `itself` writes what is at a path, `behind` what it leads to; a link that leads nowhere is shown as itself. */
export const statFunctions = `
itself() {
  stat -c '${statFormat}' -- "$1" || exit 1
  [ ! -h "$1" ] || readlink -n -- "$1"
}
behind() { stat -L -c '${statFormat}' -- "$1" 2>/dev/null || itself "$1"; }
`;

export async function stat(shell: Shell, path: BytePath, signal: AbortSignal): Promise<FileEntry> {
  return readEntry(
    path,
    await shell.run(`${statFunctions} path "$1"; behind "$path"`, [argumentOf(path)], signal),
  );
}
