import { AppError } from "../../lib/app-error.ts";
import type { ErrorCode } from "#contract/errors.ts";

const said: Partial<Record<ErrorCode, string>> = {
  file_not_found: "There is no such file or folder.",
  file_kind: "The path is of another kind than this needs.",
  file_exists: "Something of that name exists already, or the folder is not empty.",
  file_changed: "The file is not the one that was read.",
  file_denied: "The cave's user may not do that here.",
  disk_full: "No space is left in the cave.",
  invalid_input: "The path or the operation is not valid.",
  process_not_found: "The cave has no such process.",
  unsupported: "The process belongs to another user of the cave.",
  limit_reached: "The cave is at its limit of processes or memory.",
};

/** What tools say, GNU's, busybox' and the shells' own; in the C locale. The first that fits decides. */
const words: [RegExp, ErrorCode][] = [
  [/no space left|quota exceeded|file too large/i, "disk_full"],
  [/cannot fork|can't fork|fork: |resource temporarily unavailable|cannot allocate memory/i, "limit_reached"],
  [/no such process/i, "process_not_found"],
  [/name too long|subdirectory of itself|into itself|invalid argument/i, "invalid_input"],
  [/no such file|nonexistent|too many levels of symbolic links|too many symbolic links/i, "file_not_found"],
  [/not a directory|is a directory/i, "file_kind"],
  [/file exists|not empty/i, "file_exists"],
  [/permission denied|read-only file system|not permitted|resource busy|text file busy/i, "file_denied"],
];

/** Why a script of ours failed. It names the code itself where it knows: see `no` in shell.ts. */
export function failureOf(stderr: string, exitCode: number): AppError {
  const cause = new Error(`exit code ${exitCode}: ${stderr}`);
  const named = /^ghost:([a-z_]+)$/m.exec(stderr)?.[1];
  for (const code of Object.keys(said) as ErrorCode[]) if (code === named) return fail(code, cause);
  if (/argument list too long/i.test(stderr)) {
    const message = "The command, an argument or a variable is longer than the cave's system takes.";
    return new AppError("invalid_input", message, { cause });
  }
  if (exitCode === 127 || (exitCode === 126 && stderr.includes("exec failed"))) {
    return new AppError(
      "surface_unavailable",
      "The cave's image lacks a program that this needs: sh, and coreutils or busybox.",
      { cause },
    );
  }
  for (const [pattern, code] of words) if (pattern.test(stderr)) return fail(code, cause);
  return new AppError("cave_unreachable", "The cave's own tools failed.", { cause });
}

function fail(code: ErrorCode, cause: Error): AppError {
  return new AppError(code, said[code] ?? code, { cause });
}
