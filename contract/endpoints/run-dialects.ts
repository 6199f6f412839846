import { z } from "zod";
import { answerJson, endpoint, json } from "../endpoint.ts";
import { RunId, runBounds } from "../run.ts";

const tag = "Dialects";
const access = "runs";
const errors = ["language_not_found", "language_not_built", "executor_busy", "backend_unavailable"] as const;
const language = z.string().min(1).max(40);
const code = z.string().max(runBounds.code);

/** What clients of isobox send and get. */
export const isobox = {
  execute: endpoint({
    method: "post",
    path: "/execute",
    summary: "isobox: run code",
    tag,
    access,
    body: [json(z.strictObject({ language, code }), 2 * runBounds.code)],
    answer: [
      answerJson(z.strictObject({ stdout: z.string(), stderr: z.string(), exit_code: z.number().int() })),
    ],
    errors,
  }),
} as const;

const LoggedRun = z
  .strictObject({
    run_id: RunId,
    language: z.string(),
    status: z.enum(["running", "completed", "error", "timeout"]),
    stdout: z.string(),
    stderr: z.string(),
    exit_code: z.number().int().nullable(),
    image: z.string(),
    created_at: z.iso.datetime(),
    completed_at: z.iso.datetime().nullable(),
  })
  .meta({ id: "LoggedRun" });
export type LoggedRun = z.infer<typeof LoggedRun>;

const one = z.strictObject({ run_id: RunId });

/** Runs with live logs, with field names of their own. */
export const runsWithLogs = {
  create: endpoint({
    method: "post",
    path: "/api/runs",
    summary: "Runs with logs: run code, and answer when it has ended",
    tag,
    access,
    query: z.strictObject({
      wait: z
        .enum(["true", "false"])
        .default("true")
        .describe("`false` answers at once, to be followed by the logs"),
    }),
    body: [
      json(
        z.strictObject({ language, code, timeout_sec: z.number().positive().max(300).default(30) }),
        2 * runBounds.code,
      ),
    ],
    answer: [answerJson(LoggedRun)],
    errors,
  }),
  get: endpoint({
    method: "get",
    path: "/api/runs/{run_id}",
    summary: "Runs with logs: get a run",
    tag,
    access,
    params: one,
    answer: [answerJson(LoggedRun)],
    errors: ["run_not_found"],
  }),
  logs: endpoint({
    method: "get",
    path: "/api/runs/ws/{run_id}/logs",
    summary: "Runs with logs: follow a run",
    description: "A WebSocket of JSON texts `{type: stdout|stderr|complete, data}`, from the start and live.",
    tag,
    access,
    params: one,
    answer: [{ kind: "socket" }],
    errors: ["run_not_found"],
  }),
} as const;
