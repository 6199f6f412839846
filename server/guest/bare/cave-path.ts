import { posix } from "node:path";
import { AppError } from "../../lib/app-error.ts";

/**
 * File names are bytes, not text. Here a path is a string with one character per byte (latin1); outside it is UTF-8, or `b:` and the bytes
 * percent-encoded where it is not.
 */
export type BytePath = string & { readonly bytePath: unique symbol };

export const workspace = "/workspace";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Absolute and without `..`; relative ones start at /workspace. */
export function parsePath(shown: string): BytePath {
  if (shown === "" || shown.includes("\0")) {
    throw new AppError("invalid_input", "A path has at least one character and no NUL.");
  }
  const bytes = shown.startsWith("b:")
    ? unescapeBytes(shown.slice(2))
    : Buffer.from(shown).toString("latin1");
  return posix.resolve(workspace, bytes) as BytePath;
}

function unescapeBytes(text: string): string {
  if (!/^(?:[^%\0-\x1f\x7f-\uffff]|%[0-9a-fA-F]{2})+$/.test(text) || text.includes("%00")) {
    throw new AppError("invalid_input", "After `b:` come ASCII characters and `%XX`, without NUL.");
  }
  return text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

export function show(path: string): string {
  try {
    return utf8.decode(Buffer.from(path, "latin1"));
  } catch {
    const escaped = path.replace(
      /[^\x21-\x24\x26-\x7e]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    );
    return `b:${escaped}`;
  }
}

export const join = (folder: BytePath, name: string): BytePath => posix.join(folder, name) as BytePath;
export const nameOf = (path: BytePath): string => posix.basename(path);

/**
 * As an argument of our scripts: relative to the workspace where they run, and in `printf %b`'s octal escapes, because an argument can carry
 * text only. It begins with `/` or `.`, so no tool takes it for an option.
 */
export function argumentOf(path: BytePath): string {
  const near =
    path === workspace ? "." : path.startsWith(`${workspace}/`) ? `.${path.slice(workspace.length)}` : path;
  return near.replace(/[^A-Za-z0-9/._-]/g, (char) => `\\0${char.charCodeAt(0).toString(8).padStart(3, "0")}`);
}
