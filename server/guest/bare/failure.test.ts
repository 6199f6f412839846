import { expect, it } from "vitest";
import { failureOf } from "./failure.ts";

it.each([
  ["ghost:file_kind\n", 1, "file_kind"],
  ["cat: write error: No space left on device", 1, "disk_full"],
  ["sh: can't create /a/b: nonexistent directory", 1, "file_not_found"],
  ["sh: 1: cannot create /etc/x: Permission denied", 2, "file_denied"],
  ["mkdir: cannot create directory 'a': File exists", 1, "file_exists"],
  ["rmdir: 'a': Directory not empty", 1, "file_exists"],
  ["stat: can't stat 'a/b': Not a directory", 1, "file_kind"],
  ["sh: 1: Cannot fork", 2, "limit_reached"],
  ['exec failed: "sh": executable file not found in $PATH', 126, "surface_unavailable"],
  ["sh: tar: not found", 127, "surface_unavailable"],
  ["ghost:internal\n", 1, "cave_unreachable"],
  ["", 137, "cave_unreachable"],
])("takes %j for what it is", (words, exitCode, code) => {
  const error = failureOf(words, exitCode);
  expect(error.code).toBe(code);
  expect(error.message).not.toContain(words.trim() || "\0");
});
