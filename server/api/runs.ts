import { createRun } from "../executor/create-run.ts";
import { listLanguages, resizePool } from "../executor/list-languages.ts";
import { runLogs } from "../executor/run-logs.ts";
import { cancelRun, createRuns, getRun, listRuns, removeRun, runSource } from "../executor/runs.ts";
import { eventSocket } from "../lib/event-socket.ts";
import { headerOf } from "./conditions.ts";
import { Reply, type Handlers } from "./handler.ts";

export const runs: Handlers["runs"] = {
  languages: (call, _, signal) => listLanguages(call, signal),
  warm: (call, { params, body }, signal) => resizePool(call, { ...params, ...body }, signal),
  create: async (call, { query, body: { wait, ...input }, headers }, signal) => {
    const idempotencyKey = headerOf(headers, "idempotency-key");
    const run = await createRun(call, { input, wait, idempotencyKey, ...query }, signal);
    return new Reply(run, { status: wait ? 200 : 202 });
  },
  batch: (call, { body }, signal) => createRuns(call, body, signal),
  list: (call, { query }) => listRuns(call, query),
  get: (call, { params, query }) => getRun(call, { ...params, ...query }),
  source: (call, { params }) => runSource(call, params),
  cancel: (call, { params }, signal) => cancelRun(call, params, signal),
  remove: (call, { params }, signal) => removeRun(call, params, signal),
  logs: async (call, { params }, signal) => eventSocket(await runLogs(call, params, signal)),
};
