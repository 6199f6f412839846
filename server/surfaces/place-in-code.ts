import type { CaveRecord } from "../caves/cave-record.ts";
import { guestOf } from "../caves/guest-of.ts";
import type { Context } from "../context.ts";
import { isAppError } from "../lib/app-error.ts";
import { codeLink, parseCodePath, workspace } from "./code-link.ts";
import { originOf } from "./origins.ts";

/** Where VS Code's page is for a path of the cave: `/src/a.ts:10` is the workspace's when the cave has no such file. */
export async function placeInCode(
  ctx: Context,
  record: CaveRecord,
  path: string,
  signal: AbortSignal,
): Promise<string> {
  if (path.startsWith("/?")) return path;
  const host = new URL(originOf(ctx.config, "code", record.id)).host;
  // Where VS Code would send the browser, one answer later.
  if (path === "/") return codeLink({ path: workspace }, { host, isFolder: true });
  const asked = parseCodePath(path);
  const inWorkspace = asked.path.startsWith(`${workspace}/`) ? asked.path : `${workspace}${asked.path}`;
  for (const candidate of new Set([asked.path, inWorkspace])) {
    const kind = await kindOf(ctx, record, candidate, signal);
    if (kind !== undefined)
      return codeLink({ ...asked, path: candidate }, { host, isFolder: kind === "folder" });
  }
  return codeLink({ ...asked, path: inWorkspace }, { host, isFolder: false }); // VS Code says that it is not there
}

async function kindOf(ctx: Context, record: CaveRecord, path: string, signal: AbortSignal) {
  if (record.state !== "running") return undefined;
  try {
    return (await guestOf(ctx, record).stat(path, signal)).kind;
  } catch (error) {
    if (isAppError(error, "file_not_found") || isAppError(error, "file_denied")) return undefined;
    throw error;
  }
}
