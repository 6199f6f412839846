import { posix } from "node:path";
import { usage } from "./failure.ts";

/** Where `cp` copies from or to. */
export type Place =
  | { kind: "local"; path: string }
  | { kind: "cave"; cave: string; path: string }
  /** `-`: stdin or stdout. */
  | { kind: "pipe" };

export const workspace = "/workspace";

/** `cave:path`, `-`, or a path here; one with a colon of its own is written `./a:b`. */
export function parsePlace(text: string): Place {
  if (text === "-") return { kind: "pipe" };
  const match = /^([a-z][a-z0-9-]*):(.*)$/s.exec(text);
  if (match?.[1] !== undefined) return { kind: "cave", cave: match[1], path: match[2] || workspace };
  if (text === "") throw usage("A path is empty.");
  return { kind: "local", path: text };
}

/** The name that a copy of it gets in a folder. */
export const nameOf = (path: string): string => posix.basename(posix.resolve(workspace, path)) || "root";

/** `src/.` and `src/` mean what is in the folder, as in rsync and docker cp. */
export const meansContents = (path: string): boolean => /(^|\/)\.$/.test(path);
