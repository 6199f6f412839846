import { randomUUID } from "node:crypto";
import { posix } from "node:path";
import { AppError } from "../../../lib/app-error.ts";
import { argumentOf, join, parsePath, show } from "../cave-path.ts";
import type { Shell } from "../shell.ts";
import { records } from "../streams.ts";
import type { SearchFiles, SearchMatch, SearchResult } from "#contract/inside.ts";

const textBytes = 1000;

/** awk, because it is the one tool of both worlds that tells the column. It opens the files itself, so an unreadable one is passed over. */
const program = `
BEGIN {
  query = ENVIRON["GHOST_QUERY"]; regex = ENVIRON["GHOST_REGEX"]; fold = ENVIRON["GHOST_FOLD"]; token = ENVIRON["GHOST_TOKEN"]; one = ENVIRON["GHOST_ONE"]
  for (i = 1; i < ARGC; i++) {
    file = ARGV[i]; number = 0; told = 0
    while ((getline line < file) > 0) {
      number++
      text = fold ? tolower(line) : line
      at = regex ? match(text, query) : index(text, query)
      if (!at) continue
      if (!told) { print token "@" (one ? "" : file); told = 1 }
      print token number " " at " " substr(line, 1, ${textBytes})
    }
    close(file)
  }
}`;

/** grep, given a line, says whether the expression is one: busybox' awk takes a wrong one for another dialect. */
const script = `
path "$1"; program=$2; glob=$3
there "$path"
if [ -n "$GHOST_REGEX" ]; then
  echo | grep -q -E -e "$GHOST_QUERY"; [ $? -lt 2 ] || no invalid_input
fi
if [ -d "$path" ]; then
  cd -- "$path" || exit 1
  find . -name .git -prune -o -type f -name "$glob" -exec awk "$program" {} + 2>/dev/null
else
  GHOST_ONE=1 awk "$program" "$path"
fi
exit 0
`;

/** Line by line, in all regular files below the path but git's own. Case is that of ASCII; `regex` is POSIX extended. */
export async function searchFiles(
  shell: Shell,
  input: SearchFiles,
  signal: AbortSignal,
): Promise<SearchResult> {
  if (input.query.includes("\0")) throw new AppError("invalid_input", "The query cannot hold a NUL.");
  const root = parsePath(input.path);
  const token = randomUUID();
  const plainGlob = input.glob === undefined || !/[/{}]/.test(input.glob);
  const args = [argumentOf(root), program, plainGlob ? (input.glob ?? "*") : "*"];
  const env = {
    GHOST_QUERY: input.caseSensitive ? input.query : folded(input.query, input.regex),
    GHOST_REGEX: input.regex ? "1" : "",
    GHOST_FOLD: input.caseSensitive ? "" : "1",
    GHOST_TOKEN: token,
  };
  const matches: SearchMatch[] = [];
  let file = root;
  let wanted = true;
  await using running = await shell.start(script, args, { env }, signal);
  for await (const record of records(running.stdout, token)) {
    if (record.startsWith("@")) {
      file = join(root, record.slice(1));
      wanted = plainGlob || fits(show(posix.relative(root, file)), input.glob ?? "");
      continue;
    }
    const [, line = "", at = "", text = ""] = /^(\d+) (\d+) (.*)$/s.exec(record) ?? [];
    if (!wanted || line === "" || text.includes("\0")) continue;
    if (matches.length === input.maxResults) return { matches, truncated: true };
    matches.push({
      path: show(file),
      line: Number(line),
      column: columnOf(text, Number(at)),
      text: Buffer.from(text, "latin1").toString().replace(/\r$/, ""),
    });
  }
  await running.done;
  return { matches, truncated: false };
}

/** Both pattern and line in lower case; what stands after a backslash keeps its meaning. */
function folded(query: string, regex: boolean): string {
  const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (!regex) return lower(query);
  return query
    .replace(/\[:(?:upper|lower):\]/g, "[:alpha:]")
    .replace(/\\.|[A-Z]/gs, (found) => (found.startsWith("\\") ? found : lower(found)));
}

function fits(name: string, glob: string): boolean {
  return posix.matchesGlob(glob.includes("/") ? name : posix.basename(name), glob);
}

/** In characters, from the place in bytes; 1 is the first. */
function columnOf(line: string, at: number): number {
  if (at > line.length) return at;
  return Buffer.from(line.slice(0, at - 1), "latin1").toString().length + 1;
}
