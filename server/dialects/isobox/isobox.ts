import { constants } from "node:os";
import type { Handlers } from "../../api/handler.ts";
import { createRun } from "../../executor/create-run.ts";
import { RunInput, type Run } from "#contract/run.ts";

/** isobox knows no verdicts: what ended a run is told on stderr, with the exit code a shell would give. */
export const isobox: Handlers["isobox"] = {
  execute: async (call, { body }, signal) => {
    const run = await createRun(call, { input: RunInput.parse(body), wait: true }, signal);
    return { stdout: run.stdout, stderr: stderrOf(run), exit_code: exitCodeOf(run) };
  },
};

const sentences: Partial<Record<Run["status"], string>> = {
  timeout: "The time is up.",
  memory_limit: "The memory is used up.",
  output_limit: "There was more output than there may be.",
  cancelled: "The run was cancelled.",
  internal_error: "The run could not be done.",
};

export function stderrOf({ stderr, compileOutput = "", status }: Run): string {
  const sentence = sentences[status];
  return [compileOutput, stderr, ...(sentence === undefined ? [] : [`${sentence}\n`])].join("");
}

export function exitCodeOf({ exitCode, signal, status }: Run): number {
  if (status === "timeout") return 124; // as timeout(1) has it
  const numbers: Record<string, number> = constants.signals;
  const code = exitCode ?? (signal === undefined ? 1 : 128 + (numbers[signal] ?? 0));
  return code === 0 && status !== "ok" ? 1 : code;
}
