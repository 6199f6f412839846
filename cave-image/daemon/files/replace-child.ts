import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { folderOf, fromRaw, join, raw, resolveFrom, show, type BytePath } from "../lib/cave-path.ts";
import { pieces, runTool } from "../lib/tool.ts";
import { hasRipgrep } from "./search.ts";
import type { ReplaceResult } from "#contract/inside.ts";

export interface ReplaceTask {
  folder: BytePath;
  /** What to look at from there: `.` or a file. */
  name: string;
  query: string;
  replacement: string;
  regex: boolean;
  caseSensitive: boolean;
  glob: string | undefined;
  dryRun: boolean;
}

export interface ReplaceAnswer {
  result?: ReplaceResult;
  problem?: string;
}

const largestFile = 16 * 2 ** 20;
const mostFiles = 20_000;
const longestPath = 65_536;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The whole life of the process that `replaceInFiles` starts: a task on stdin, an answer on stdout. */
export async function replaceChild(): Promise<void> {
  const task = JSON.parse(readFileSync(0, "utf8")) as ReplaceTask;
  process.stdout.write(JSON.stringify(await answer(task)));
}

async function answer(task: ReplaceTask): Promise<ReplaceAnswer> {
  let expression: RegExp;
  try {
    const source = task.regex ? task.query : task.query.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    expression = new RegExp(source, task.caseSensitive ? "gm" : "gim");
  } catch (error) {
    return { problem: error instanceof Error ? error.message : "That is not a regular expression." };
  }
  const result: ReplaceResult = { files: [], replacements: 0 };
  for await (const path of filesOf(task)) {
    const replacements = replaceIn(path, expression, task);
    if (replacements > 0) result.files.push({ path: show(path), replacements });
    result.replacements += replacements;
  }
  return { result };
}

async function* filesOf({ folder, name, glob }: ReplaceTask): AsyncGenerator<BytePath> {
  if (name !== ".") {
    yield resolveFrom(folder, Buffer.from(name).toString("latin1"));
    return;
  }
  const tool = runTool(hasRipgrep ? ripgrep(glob) : find(glob), folder);
  tool.stdin.end();
  let files = 0;
  for await (const piece of pieces(tool.stdout, 0, longestPath)) {
    if (++files > mostFiles) break;
    yield resolveFrom(folder, fromRaw(piece));
  }
  tool.stop();
}

function ripgrep(glob: string | undefined): string[] {
  const globs = ["!.git", "!.ghost-upload-*", ...(glob === undefined ? [] : [glob])].flatMap((one) => [
    "--glob",
    one,
  ]);
  return ["rg", "--files", "--null", "--no-config", "--hidden", ...globs, "--", "."];
}

function find(glob: string | undefined): string[] {
  const named = glob === undefined ? [] : ["-name", glob];
  return [
    "find",
    ".",
    "-name",
    ".git",
    "-prune",
    "-o",
    "-type",
    "f",
    "!",
    "-name",
    ".ghost-upload-*",
    ...named,
    "-print0",
  ];
}

/** How often it replaced. Files that are no text, too large or closed to us are left alone. */
function replaceIn(path: BytePath, expression: RegExp, task: ReplaceTask): number {
  try {
    const { size, mode } = statSync(raw(path));
    if (size > largestFile) return 0;
    const bytes = readFileSync(raw(path));
    if (bytes.includes(0)) return 0;
    const before = utf8.decode(bytes);
    const replacements = before.match(expression)?.length ?? 0;
    if (replacements === 0 || task.dryRun) return replacements;
    const after = before.replace(
      expression,
      task.regex ? task.replacement : task.replacement.replaceAll("$", "$$$$"),
    );
    writeWhole(path, after, mode & 0o7777);
    return replacements;
  } catch {
    return 0;
  }
}

function writeWhole(path: BytePath, text: string, mode: number): void {
  const upload = join(folderOf(path), `.ghost-upload-${process.pid.toString(36)}`);
  try {
    writeFileSync(raw(upload), text, { mode, flag: "wx" });
    renameSync(raw(upload), raw(path));
  } catch (error) {
    rmSync(raw(upload), { force: true });
    throw error;
  }
}
