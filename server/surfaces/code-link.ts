import { AppError } from "../lib/app-error.ts";

export interface CodePath {
  /** As the file system has it. */
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
}

export const workspace = "/workspace";

/** Reads `/workspace/src/a.ts:10:5`, percent-encoded. A colon that belongs to the name is written `%3A`. */
export function parseCodePath(text: string): CodePath {
  const [, encoded = "", line, column] = /^(.*?)(?::(\d{1,9}))?(?::(\d{1,9}))?$/.exec(text) ?? [];
  try {
    return {
      path: decodeURIComponent(encoded),
      ...(line !== undefined && { line: Number(line) }),
      ...(column !== undefined && { column: Number(column) }),
    };
  } catch {
    throw new AppError("bad_request", "The path is not percent-encoded UTF-8.");
  }
}

/**
 * Path and query that have VS Code open it, at the host where the browser sees it. A folder becomes what the window shows; a file is shown beside
 * the workspace.
 */
export function codeLink(at: CodePath, { host, isFolder }: { host: string; isFolder: boolean }): string {
  if (isFolder) return `/?folder=${encodePath(at.path)}`;
  const { line, column = 1 } = at;
  const file = `vscode-remote://${host}${encodePath(at.path)}`;
  const payload =
    line === undefined
      ? [["openFile", file]]
      : [
          ["gotoLineMode", "true"],
          ["openFile", `${file}:${line}:${column}`],
        ];
  return `/?folder=${workspace}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
