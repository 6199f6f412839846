import type { ErrorCode } from "#contract/errors.ts";

/** A failure that the caller is told about. */
export class Problem extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

const ofErrno: Record<string, readonly [ErrorCode, string]> = {
  ENOENT: ["file_not_found", "There is no such file or folder."],
  ELOOP: ["file_not_found", "The path runs through too many links."],
  ENOTDIR: ["file_kind", "A part of the path is not a folder."],
  EISDIR: ["file_kind", "That is a folder."],
  ENXIO: ["file_kind", "That is neither a file nor a folder."],
  ENODEV: ["file_kind", "That is neither a file nor a folder."],
  EEXIST: ["file_exists", "Something of that name exists already."],
  ENOTEMPTY: ["file_exists", "The folder is not empty."],
  EACCES: ["file_denied", "The cave's user may not do that here."],
  EPERM: ["file_denied", "The cave's user may not do that here."],
  EROFS: ["file_denied", "This part of the cave is read-only."],
  EBUSY: ["file_denied", "The file is in use by the system."],
  ETXTBSY: ["file_denied", "The program is running."],
  ENOSPC: ["disk_full", "No space is left in the cave."],
  EDQUOT: ["disk_full", "No space is left in the cave."],
  EFBIG: ["disk_full", "The file would be too large."],
  ENAMETOOLONG: ["invalid_input", "The name is too long."],
  EINVAL: ["invalid_input", "The path or the operation is not valid."],
  EMFILE: ["limit_reached", "Too many files are open in the cave."],
  ENFILE: ["limit_reached", "Too many files are open in the cave."],
};

export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** What to tell the caller, or undefined when it is none of his business. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  const known = ofErrno[errnoOf(error) ?? ""];
  return known && new Problem(...known);
}
