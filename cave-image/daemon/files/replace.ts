import { noteActivity } from "../lib/activity.ts";
import { parsePath } from "../lib/cave-path.ts";
import { goneSignal, readObject, sendJson, type Handler } from "../lib/exchange.ts";
import { flag, requiredText, text } from "../lib/fields.ts";
import { Problem } from "../lib/problem.ts";
import { runTool } from "../lib/tool.ts";
import type { ReplaceAnswer, ReplaceTask } from "./replace-child.ts";
import { placeOf } from "./search.ts";

const deadlineMs = 60_000;
const answerLimit = 16 * 2 ** 20;

/** In a process of its own: an expression can take for ever, and the daemon is to go on. */
export const replaceInFiles: Handler = async ({ req, res }) => {
  const body = await readObject(req);
  const { folder, name } = await placeOf(parsePath(requiredText(body, "path")));
  const task: ReplaceTask = {
    folder,
    name,
    query: requiredText(body, "query"),
    replacement: requiredText(body, "replacement"),
    regex: flag(body, "regex"),
    caseSensitive: body["caseSensitive"] !== false,
    glob: text(body, "glob"),
    dryRun: flag(body, "dryRun"),
  };
  noteActivity("file");
  const tool = runTool([process.execPath, "--no-warnings", process.argv[1] ?? "", "replace"], folder);
  const late = AbortSignal.timeout(deadlineMs);
  AbortSignal.any([goneSignal(res), late]).addEventListener("abort", tool.stop, { once: true });
  tool.stdin.end(JSON.stringify(task));

  let output = "";
  for await (const chunk of tool.stdout as AsyncIterable<Buffer>) {
    if (output.length < answerLimit) output += chunk.toString("latin1");
  }
  const { exitCode, said } = await tool.ended;
  if (late.aborted)
    throw new Problem(
      "timeout",
      `It took longer than ${deadlineMs / 1000} s; some files may have been changed.`,
    );
  if (exitCode !== 0) throw new Error(`The replacing process failed: ${said}`);
  const answer = JSON.parse(Buffer.from(output, "latin1").toString()) as ReplaceAnswer;
  if (answer.problem) throw new Problem("invalid_input", answer.problem);
  sendJson(res, answer.result);
};
