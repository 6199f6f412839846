import { argumentOf, parsePath, type BytePath } from "../cave-path.ts";
import type { Shell } from "../shell.ts";
import { readEntry } from "./entry.ts";
import { stat, statFunctions } from "./stat.ts";
import type { FileEntry, MakeFolder, MoveFile } from "#contract/inside.ts";

const remove = `
path "$1"
if [ -h "$path" ] || [ ! -d "$path" ]; then
  [ -h "$path" ] || there "$path"
  rm -f -- "$path"
elif [ -n "$2" ]; then rm -rf -- "$path"
else rmdir -- "$path"
fi
`;

export async function removeFile(
  shell: Shell,
  path: BytePath,
  { recursive }: { recursive: boolean },
  signal: AbortSignal,
): Promise<void> {
  await shell.run(remove, [argumentOf(path), recursive ? "1" : ""], signal);
}

const make = `${statFunctions}
path "$1"
if [ -n "$2" ]; then
  [ ! -e "$path" ] || [ -d "$path" ] || no file_exists
  mkdir -p -- "$path" || exit 1
else
  mkdir -- "$path" || exit 1
fi
behind "$path"
`;

export async function makeFolder(shell: Shell, input: MakeFolder, signal: AbortSignal): Promise<FileEntry> {
  const path = parsePath(input.path);
  return readEntry(path, await shell.run(make, [argumentOf(path), input.parents ? "1" : ""], signal));
}

/** As rename(2) would: a folder takes the place of an empty folder, anything else that of anything but a folder. */
const move = `${statFunctions}
real() { [ -d "$1" ] && [ ! -h "$1" ]; }
path "$1"; from=$path; path "$2"; to=$path
[ -h "$from" ] || there "$from"
[ -z "$4" ] || mkdir -p -- "\${to%/*}/" || exit 1
if [ -e "$to" ] || [ -h "$to" ]; then
  [ -n "$3" ] || no file_exists
  if [ "$from" -ef "$to" ] && [ ! -h "$from" ] && [ ! -h "$to" ]; then itself "$to"; exit; fi
  if real "$to"; then
    real "$from" || no file_kind
    rmdir -- "$to" || exit 1
  else
    ! real "$from" || no file_kind
    [ ! -h "$to" ] || rm -f -- "$to" || exit 1
  fi
fi
mv -f -- "$from" "$to" || exit 1
itself "$to"
`;

export async function moveFile(shell: Shell, input: MoveFile, signal: AbortSignal): Promise<FileEntry> {
  const from = parsePath(input.from);
  const to = parsePath(input.to);
  if (from === to && input.overwrite) return stat(shell, to, signal);
  const args = [argumentOf(from), argumentOf(to), input.overwrite ? "1" : "", input.mkdirs ? "1" : ""];
  return readEntry(to, await shell.run(move, args, signal));
}
