import type { Handlers } from "../../api/handler.ts";
import { Reply } from "../../api/handler.ts";
import { createRun } from "../../executor/create-run.ts";
import { runLogs } from "../../executor/run-logs.ts";
import { getRun } from "../../executor/runs.ts";
import { eventSocket } from "../../lib/event-socket.ts";
import { exitCodeOf, stderrOf } from "../isobox/isobox.ts";
import type { LoggedRun } from "#contract/endpoints/run-dialects.ts";
import { RunInput, type Run, type RunLog } from "#contract/run.ts";

export const runsWithLogs: Handlers["runsWithLogs"] = {
  create: async (call, { query, body: { timeout_sec, ...rest } }, signal) => {
    const wait = query.wait === "true";
    const input = RunInput.parse({ ...rest, timeoutMs: Math.max(1, Math.round(timeout_sec * 1000)) });
    return new Reply(asLogged(await createRun(call, { input, wait }, signal)), { status: wait ? 200 : 202 });
  },
  get: async (call, { params: { run_id: id } }) => asLogged(await getRun(call, { id, events: false })),
  logs: async (call, { params: { run_id: id } }, signal) =>
    eventSocket(asEvents(await runLogs(call, { id }, signal))),
};

function asLogged(run: Run): LoggedRun {
  return {
    run_id: run.id,
    language: run.language,
    status: statusOf(run),
    stdout: run.stdout,
    stderr: stderrOf(run),
    exit_code: isOpen(run) ? null : exitCodeOf(run),
    image: run.image,
    created_at: run.createdAt,
    completed_at: run.completedAt ?? null,
  };
}

const isOpen = ({ status }: Run) => status === "queued" || status === "running";

function statusOf(run: Run): LoggedRun["status"] {
  if (isOpen(run)) return "running";
  if (run.status === "ok") return "completed";
  return run.status === "timeout" ? "timeout" : "error";
}

type LogEvent = { type: "stdout" | "stderr"; data: string } | { type: "complete"; data: LoggedRun };

async function* asEvents(logs: AsyncIterable<RunLog>): AsyncGenerator<LogEvent, void, undefined> {
  for await (const log of logs) {
    switch (log.type) {
      case "status":
        break;
      case "output": {
        // This dialect has text alone; bytes that are none are replaced as a terminal would.
        const data = log.encoding === "utf8" ? log.data : Buffer.from(log.data, "base64").toString("utf8");
        yield { type: log.stream === "stdout" ? "stdout" : "stderr", data };
        break;
      }
      case "exit":
        yield { type: "complete", data: asLogged(log.run) };
    }
  }
}
