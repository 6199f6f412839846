import { lstat } from "node:fs/promises";
import { noteActivity } from "../lib/activity.ts";
import { folderOf, nameOf, raw } from "../lib/cave-path.ts";
import { bodyOf, goneSignal, type Handler, sendJson } from "../lib/exchange.ts";
import { log } from "../lib/log.ts";
import { Problem } from "../lib/problem.ts";
import { runTool } from "../lib/tool.ts";
import { makeFolders } from "./make-folders.ts";
import { pathOf } from "./stat.ts";

/** tar says so when a file changed while it was read: the archive is whole all the same. */
const changedWhileReading = 1;

/** A folder's content, or one file. */
export const readArchive: Handler = async ({ res, query }) => {
  const path = pathOf(query);
  const stats = await lstat(raw(path));
  const [folder, name] = stats.isDirectory() ? [path, "."] : [folderOf(path), nameOf(path)];
  noteActivity("file");
  // The name comes in on stdin because an argument would have to be UTF-8.
  const argv = [
    "tar",
    "--create",
    "--file=-",
    "--ignore-failed-read",
    "--null",
    "--verbatim-files-from",
    "--files-from=-",
  ];
  const tool = runTool(argv, folder);
  goneSignal(res).addEventListener("abort", tool.stop, { once: true });
  tool.stdin.end(Buffer.concat([Buffer.from(name, "latin1"), Buffer.of(0)]));
  res.writeHead(200, { "content-type": "application/x-tar" });
  tool.stdout.pipe(res, { end: false });
  const { exitCode, said } = await tool.ended;
  if (exitCode === 0 || exitCode === changedWhileReading) {
    res.end();
  } else {
    log("tar failed", { said });
    res.destroy();
  }
};

/** Unpacked by tar as the cave's user: it takes out leading slashes, refuses `..`, and the kernel refuses devices. */
export const writeArchive: Handler = async ({ req, res, query }) => {
  const path = pathOf(query);
  noteActivity("file");
  await makeFolders(path);
  const tool = runTool(["tar", "--extract", "--file=-", "--no-same-owner"], path);
  tool.stdout.resume();
  goneSignal(res).addEventListener("abort", tool.stop, { once: true });
  const { stdin } = tool;
  for await (const chunk of bodyOf(req)) {
    if (!stdin.writable) break;
    if (!stdin.write(chunk)) {
      await new Promise<void>((resolve) => {
        stdin.once("drain", resolve);
        stdin.once("close", resolve);
      });
    }
  }
  if (!req.complete && stdin.writable) tool.stop();
  stdin.end();
  const { exitCode, said } = await tool.ended;
  if (exitCode !== 0) throw failure(said);
  sendJson(res, {});
};

function failure(said: string): Problem {
  if (/No space left on device|Wrote only/.test(said))
    return new Problem("disk_full", "No space is left in the cave.");
  const first =
    said
      .split("\n")[0]
      ?.replace(/^tar: /, "")
      .slice(0, 300) ?? "";
  const denied = /Permission denied|Operation not permitted|Read-only file system/.test(said);
  return new Problem(denied ? "file_denied" : "bad_request", `The archive could not be unpacked: ${first}`);
}
