import { z } from "zod";
import { answerJson, endpoint, json, nothing } from "../endpoint.ts";
import {
  LanguageList,
  LanguageStatus,
  Run,
  RunId,
  RunInput,
  RunSource,
  RunStatus,
  runBounds,
} from "../run.ts";
import { Flag } from "./caves.ts";

const tag = "Runs";
const access = "runs";
const one = z.strictObject({ id: RunId });
const refusals = [
  "language_not_found",
  "language_not_built",
  "executor_busy",
  "backend_unavailable",
  "unsupported",
] as const;

export const runs = {
  languages: endpoint({
    method: "get",
    path: "/v1/languages",
    summary: "List the languages, and how many containers wait for each",
    tag,
    access,
    answer: [answerJson(LanguageList)],
  }),
  warm: endpoint({
    method: "put",
    path: "/v1/languages/{language}/pool",
    summary: "Say how many containers of a language shall wait",
    description:
      "More are started and fewer kept from now on; use makes the number grow for a while by itself.",
    tag,
    access: "admin",
    params: z.strictObject({ language: z.string().max(40) }),
    body: [json(z.strictObject({ size: z.number().int().min(0).max(64) }))],
    answer: [answerJson(LanguageStatus)],
    errors: ["language_not_found", "language_not_built"],
  }),
  create: endpoint({
    method: "post",
    path: "/v1/runs",
    summary: "Run code once, in a container of its own",
    description:
      "Answers when it has ended; with `wait=false` at once (202), to be followed by `GET /v1/runs/{id}` or its logs. Whoever hangs up while " +
      "waiting ends the run, unless an `Idempotency-Key` says that they may come back for it. What the code does wrong is a result, not an error.",
    tag,
    access,
    query: z.strictObject({ events: Flag.default(false) }),
    body: [
      json(
        RunInput.extend({ wait: z.boolean().default(true) }).meta({ id: "CreateRun" }),
        2 * runBounds.input,
      ),
    ],
    headers: ["Idempotency-Key"],
    answer: [answerJson(Run)],
    errors: [...refusals, "idempotency_conflict"],
  }),
  batch: endpoint({
    method: "post",
    path: "/v1/runs/batch",
    summary: "Run up to 20 pieces of code",
    description:
      "Answers in the order of the request. Each is queued by itself; one that fails does not stop the others.",
    tag,
    access,
    body: [
      json(z.strictObject({ runs: z.array(RunInput).min(1).max(runBounds.batch) }), 2 * runBounds.input),
    ],
    answer: [answerJson(z.strictObject({ runs: z.array(Run) }))],
    errors: refusals,
  }),
  list: endpoint({
    method: "get",
    path: "/v1/runs",
    summary: "List your runs, newest first",
    description: "Without their output, which `GET /v1/runs/{id}` has.",
    tag,
    access,
    query: z.strictObject({
      language: z.string().max(40).optional(),
      status: RunStatus.optional(),
      cursor: RunId.optional().describe("The last run of the page before"),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: [answerJson(z.strictObject({ runs: z.array(Run), nextCursor: RunId.optional() }))],
  }),
  get: endpoint({
    method: "get",
    path: "/v1/runs/{id}",
    summary: "Get a run with its output",
    tag,
    access,
    params: one,
    query: z.strictObject({ events: Flag.default(false) }),
    answer: [answerJson(Run)],
    errors: ["run_not_found"],
  }),
  source: endpoint({
    method: "get",
    path: "/v1/runs/{id}/source",
    summary: "Get a run together with what was asked for",
    tag,
    access,
    params: one,
    answer: [answerJson(RunSource)],
    errors: ["run_not_found"],
  }),
  cancel: endpoint({
    method: "post",
    path: "/v1/runs/{id}/cancel",
    summary: "End a run; what it wrote so far is kept",
    description: "A run that has ended is answered as it is.",
    tag,
    access,
    params: one,
    answer: [answerJson(Run)],
    errors: ["run_not_found"],
  }),
  remove: endpoint({
    method: "delete",
    path: "/v1/runs/{id}",
    summary: "End a run if it still goes on, and forget it",
    tag,
    access,
    params: one,
    answer: [nothing],
    errors: ["run_not_found"],
  }),
  logs: endpoint({
    method: "get",
    path: "/v1/runs/{id}/logs",
    summary: "Follow a run's output from its start",
    description:
      "A WebSocket of JSON texts: `status`, `output`, and `exit` with the whole result, after which it closes.",
    tag,
    access,
    params: one,
    answer: [{ kind: "socket" }],
    errors: ["run_not_found"],
  }),
} as const;
