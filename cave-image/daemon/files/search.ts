import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import {
  folderOf,
  home,
  nameOf,
  parsePath,
  raw,
  resolveFrom,
  show,
  type BytePath,
} from "../lib/cave-path.ts";
import { goneSignal, readObject, sendJson, type Handler } from "../lib/exchange.ts";
import { count, flag, requiredText, text } from "../lib/fields.ts";
import { Problem } from "../lib/problem.ts";
import { pieces, runTool } from "../lib/tool.ts";
import type { SearchMatch, SearchResult } from "#contract/inside.ts";

const deadlineMs = 30_000;
const longestLine = 2 ** 20;
const shownLine = 2000;
const newline = 0x0a;
/** Both say so when nothing was found. */
const nothingFound = 1;

export const hasRipgrep = ["/usr/bin/rg", "/usr/local/bin/rg"].some((path) => existsSync(path));

interface Search {
  query: string;
  regex: boolean;
  caseSensitive: boolean;
  glob: string | undefined;
}

export const searchFiles: Handler = async ({ req, res }) => {
  const body = await readObject(req);
  const path = parsePath(text(body, "path") ?? home);
  const most = count(body, "maxResults") ?? 1000;
  const search: Search = {
    query: requiredText(body, "query"),
    regex: flag(body, "regex"),
    caseSensitive: body["caseSensitive"] !== false,
    glob: text(body, "glob"),
  };
  const { folder, name } = await placeOf(path);
  const tool = runTool(hasRipgrep ? ripgrep(search, name) : grep(search, name), folder);
  tool.stdin.end();
  const signal = AbortSignal.any([goneSignal(res), AbortSignal.timeout(deadlineMs)]);
  signal.addEventListener("abort", tool.stop, { once: true });

  const result: SearchResult = { matches: [], truncated: false };
  for await (const line of pieces(tool.stdout, newline, longestLine)) {
    const match = hasRipgrep ? fromRipgrep(line, folder) : fromGrep(line, folder, search);
    if (!match) continue;
    if (result.matches.length === most) {
      result.truncated = true;
      break;
    }
    result.matches.push(match);
  }
  if (result.truncated) tool.stop();
  const { exitCode, said } = await tool.ended;
  if (signal.aborted) result.truncated = true;
  if (exitCode !== null && exitCode > nothingFound && result.matches.length === 0)
    throw new Problem("invalid_input", said.slice(0, 500));
  sendJson(res, result);
};

/** Where to run, and what to look at from there. */
export async function placeOf(path: BytePath): Promise<{ folder: BytePath; name: string }> {
  const stats = await stat(raw(path));
  if (stats.isDirectory()) return { folder: path, name: "." };
  const name = show(nameOf(path));
  if (!stats.isFile() || name !== Buffer.from(nameOf(path), "latin1").toString()) {
    throw new Problem("file_kind", "Search in a file with a name of text, or in a folder.");
  }
  return { folder: folderOf(path), name: `./${name}` };
}

function ripgrep({ query, regex, caseSensitive, glob }: Search, name: string): string[] {
  return [
    ...["rg", "--json", "--no-config", "--hidden", "--glob", "!.git", "--glob", "!.ghost-upload-*"],
    ...(regex ? [] : ["--fixed-strings"]),
    ...(caseSensitive ? [] : ["--ignore-case"]),
    ...(glob === undefined ? [] : ["--glob", glob]),
    ...["--regexp", query, "--", name],
  ];
}

/** Where the image has no ripgrep. */
function grep({ query, regex, caseSensitive, glob }: Search, name: string): string[] {
  return [
    // Of these options the first decides what happens to files that none of them names.
    ...["grep", ...(glob === undefined ? [] : [`--include=${glob}`])],
    ...[
      "--recursive",
      "--null",
      "--line-number",
      "--with-filename",
      "--binary-files=without-match",
      "--no-messages",
    ],
    ...["--exclude-dir=.git", "--exclude=.ghost-upload-*", regex ? "--extended-regexp" : "--fixed-strings"],
    ...(caseSensitive ? [] : ["--ignore-case"]),
    ...["--regexp", query, "--", name],
  ];
}

interface RipgrepText {
  text?: string;
  bytes?: string;
}

interface RipgrepLine {
  type: string;
  data: {
    path: RipgrepText;
    lines: RipgrepText;
    line_number: number | null;
    submatches: { start: number }[];
  };
}

function fromRipgrep(line: Buffer, folder: BytePath): SearchMatch | undefined {
  const { type, data } = JSON.parse(line.toString()) as RipgrepLine;
  if (type !== "match") return undefined;
  const text = bytesOf(data.lines);
  const before = text.subarray(0, data.submatches[0]?.start ?? 0).toString();
  return {
    path: show(resolveFrom(folder, bytesOf(data.path).toString("latin1"))),
    line: data.line_number ?? 1,
    column: before.length + 1,
    text: shown(text),
  };
}

const bytesOf = ({ text, bytes }: RipgrepText) =>
  text === undefined ? Buffer.from(bytes ?? "", "base64") : Buffer.from(text);

function fromGrep(
  line: Buffer,
  folder: BytePath,
  { query, regex, caseSensitive }: Search,
): SearchMatch | undefined {
  const nameEnd = line.indexOf(0);
  const numberEnd = line.indexOf(":", nameEnd);
  if (nameEnd < 0 || numberEnd < 0) return undefined;
  const text = line.subarray(numberEnd + 1);
  const fold = (value: string) => (caseSensitive ? value : value.toLowerCase());
  return {
    path: show(resolveFrom(folder, line.subarray(0, nameEnd).toString("latin1"))),
    line: Number(line.subarray(nameEnd + 1, numberEnd).toString()),
    // grep does not say where in the line an expression matched
    column: regex ? 1 : fold(text.toString()).indexOf(fold(query)) + 1,
    text: shown(text),
  };
}

function shown(line: Buffer): string {
  return line
    .toString()
    .replace(/\r?\n$/, "")
    .slice(0, shownLine);
}
