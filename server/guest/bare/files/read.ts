import { AppError } from "../../../lib/app-error.ts";
import type { FileRead, ReadOptions } from "../../guest.ts";
import { argumentOf, type BytePath } from "../cave-path.ts";
import type { Shell } from "../shell.ts";
import { parseEntry, statFormat } from "./entry.ts";

/** One open file throughout, so that what is sent is what was looked at. */
const script = `
path "$1"; start=$2; end=$3
there "$path"
[ ! -d "$path" ] && [ -f "$path" ] || no file_kind
exec 3< "$path" || exit 1
entry=$(stat -L -c '${statFormat}' /proc/self/fd/3) || exit 1
size=$(stat -L -c %s /proc/self/fd/3)
from=0 last=$((size - 1))
if [ -n "$start" ]; then
  from=$start
  [ -z "$end" ] || [ "$end" -gt "$last" ] || last=$end
elif [ -n "$end" ]; then
  [ "$end" -ge "$size" ] || from=$((size - end))
fi
[ "$size" -gt 0 ] || from=0
echo "$from $((last - from + 1)) $entry"
if [ "$size" -eq 0 ] || { [ "$from" -eq 0 ] && [ "$last" -eq $((size - 1)) ]; }; then exec cat <&3; fi
[ "$from" -le "$last" ] || exit 0
[ "$from" -gt 0 ] || exec head -c $((last + 1)) <&3
tail -c +$((from + 1)) <&3 | head -c $((last - from + 1))
`;

export async function readFile(
  shell: Shell,
  path: BytePath,
  { range }: ReadOptions,
  signal: AbortSignal,
): Promise<FileRead> {
  const asked = [range?.start, range?.end].map((bound) => (bound === undefined ? "" : String(bound)));
  const { head, body, running } = await shell.stream(script, [argumentOf(path), ...asked], signal);
  try {
    const [, from = "", length = "", line = ""] = /^(\d+) (-?\d+) (.*)$/.exec(head) ?? [];
    const entry = parseEntry(path, line);
    // The kernel's own files say that they are empty; how long they are shows when they are read.
    if (entry.sizeBytes === 0) return { entry, start: 0, stream: body() };
    if (Number(length) <= 0) {
      throw new AppError("range_not_satisfiable", `The file has ${entry.sizeBytes} bytes.`);
    }
    return { entry, start: Number(from), length: Number(length), stream: body(Number(length)) };
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw error;
  }
}
