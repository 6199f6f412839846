import { posix } from "node:path";
import { takeVariable } from "./environment.ts";
import { Problem } from "./problem.ts";

/**
 * File names are bytes, not text. Inside the daemon a path is a string with one character per byte (latin1), so that node:path works on it and
 * nothing is lost; outside it is UTF-8, or `b:` and the bytes percent-encoded where it is not.
 */
export type BytePath = string & { readonly bytePath: unique symbol };

/** Where relative paths start, and processes. */
export const home = takeVariable("GHOST_DAEMON_WORKSPACE") ?? "/workspace";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Absolute and without `..`; relative ones start at /workspace. */
export function parsePath(shown: string): BytePath {
  if (shown === "" || shown.includes("\0"))
    throw new Problem("invalid_input", "A path has at least one character and no NUL.");
  return posix.resolve(
    home,
    shown.startsWith("b:") ? unescapeBytes(shown.slice(2)) : Buffer.from(shown).toString("latin1"),
  ) as BytePath;
}

function unescapeBytes(text: string): string {
  if (text === "" || !/^(?:[^%\0-\x1f\x7f-\uffff]|%[0-9a-fA-F]{2})*$/.test(text) || text.includes("%00")) {
    throw new Problem("invalid_input", "After `b:` come ASCII characters and `%XX`, without NUL.");
  }
  return text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

export function show(path: string): string {
  const bytes = Buffer.from(path, "latin1");
  try {
    return utf8.decode(bytes);
  } catch {
    const escaped = path.replace(
      /[^\x21-\x24\x26-\x7e]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    );
    return `b:${escaped}`;
  }
}

/** As node:fs takes it. */
export const raw = (path: string): Buffer => Buffer.from(path, "latin1");
export const fromRaw = (bytes: Buffer): BytePath => bytes.toString("latin1") as BytePath;

export const join = (folder: BytePath, name: string): BytePath => posix.join(folder, name) as BytePath;
export const folderOf = (path: BytePath): BytePath => posix.dirname(path) as BytePath;
export const nameOf = (path: BytePath): string => posix.basename(path);
export const resolveFrom = (folder: BytePath, target: string): BytePath =>
  posix.resolve(folder, target) as BytePath;
