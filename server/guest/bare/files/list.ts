import { randomUUID } from "node:crypto";
import { argumentOf, join, show, type BytePath } from "../cave-path.ts";
import type { Shell } from "../shell.ts";
import { records } from "../streams.ts";
import { parseEntry, statFormat } from "./entry.ts";
import type { FileEntry, FolderListing } from "#contract/inside.ts";

const mostEntries = 10_000;

/**
 * Level by level, so that what a limit cuts off is deep down. Names may hold anything but NUL, so a token that no name can know
 * begins every record: `<token>@<stat> <name>`, or `<token>><name>` and `<token>=<target>` of a link.
 */
const script = `
path "$1"; depth=$2; token=$3
there "$path"
[ -d "$path" ] || no file_kind
cd -- "$path" || exit 1
[ -r . ] || no file_denied
level=1
while [ $level -le $depth ]; do
  find . -mindepth $level -maxdepth $level -exec stat -c "$token@${statFormat} %n" {} + 2>/dev/null
  find . -mindepth $level -maxdepth $level -type l -exec sh -c '
    token=$1; shift
    for link; do printf "%s>%s\\n%s=" "$token" "$link" "$token"; readlink -n -- "$link"; echo; done
  ' sh "$token" {} + 2>/dev/null
  level=$((level + 1))
done
exit 0
`;

const entryRecord = /^@(\S+ \S+ \S+ \S+ \S+ \S+) \.\/(.*)$/s;

export async function listFolder(
  shell: Shell,
  path: BytePath,
  depth: number,
  signal: AbortSignal,
): Promise<FolderListing> {
  const levels = Math.max(1, Math.min(depth, 20));
  const token = randomUUID();
  const entries = new Map<string, FileEntry>();
  let truncated = false;
  let link: string | undefined;

  await using running = await shell.start(script, [argumentOf(path), String(levels), token], {}, signal);
  for await (const record of records(running.stdout, token)) {
    const [, line, name] = entryRecord.exec(record) ?? [];
    if (line !== undefined && name !== undefined) {
      if (entries.size === mostEntries) {
        truncated = true;
        break;
      }
      entries.set(name, parseEntry(join(path, name), line));
    } else if (record.startsWith(">./")) {
      link = record.slice(3);
    } else if (record.startsWith("=") && link !== undefined) {
      const entry = entries.get(link);
      if (entry?.kind === "link") entry.target = show(record.slice(1));
    }
  }
  if (!truncated) await running.done;
  return { path: show(path), entries: tree(entries, levels), truncated };
}

/** Parents come before their children. */
function tree(entries: Map<string, FileEntry>, levels: number): FileEntry[] {
  const top: FileEntry[] = [];
  for (const [name, entry] of [...entries].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const slash = name.lastIndexOf("/");
    if (slash === -1) top.push(entry);
    else entries.get(name.slice(0, slash))?.children?.push(entry);
    if (entry.kind === "folder" && name.split("/").length < levels) entry.children = [];
  }
  return top;
}
