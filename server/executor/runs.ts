import { requireScope } from "../auth/actor.ts";
import type { Call } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import { beginRun, cancelWith, orAborted } from "./create-run.ts";
import { languageOf } from "./languages.ts";
import type { LiveRun } from "./live-run.ts";
import { Output } from "./output.ts";
import { viewOf, type RunRecord } from "./run-record.ts";
import type { Run, RunInput, RunStatus } from "#contract/run.ts";

interface One {
  readonly id: string;
}

interface Found {
  record: RunRecord;
  output: Output;
  input: RunInput | undefined;
  live?: LiveRun;
}

/** A run of the caller's, under way or over. Somebody else's is not there. */
export async function findRun(call: Call, id: string): Promise<Found> {
  requireScope(call.actor, "runs");
  const { executor, actor } = call;
  const live = executor.live.get(id);
  if (live?.record.ownerId === actor.user.id)
    return { record: live.record, output: live.output, input: live.input, live };
  const kept = live ? undefined : await executor.history.find(actor.user.id, id);
  if (kept === undefined) throw new AppError("run_not_found", `There is no run ${id}.`);
  return { record: kept.record, output: Output.unpack(kept.output), input: kept.input };
}

export async function getRun(call: Call, { id, events }: One & { events: boolean }): Promise<Run> {
  const { record, output } = await findRun(call, id);
  return viewOf(record, output, events);
}

export async function runSource(call: Call, { id }: One): Promise<{ run: Run; input?: RunInput }> {
  const { record, output, input } = await findRun(call, id);
  return { run: viewOf(record, output), ...(input && { input }) };
}

export interface ListRuns {
  language?: string | undefined;
  status?: RunStatus | undefined;
  cursor?: string | undefined;
  limit: number;
}

export async function listRuns(call: Call, query: ListRuns): Promise<{ runs: Run[]; nextCursor?: string }> {
  requireScope(call.actor, "runs");
  const { executor, store, actor } = call;
  const ownerId = actor.user.id;
  const language = query.language === undefined ? undefined : languageOf(query.language).name;
  await executor.history.settled();
  const kept = await store.runs.list({ ...query, language, ownerId, limit: query.limit + 1 });
  const page = kept.slice(0, query.limit);
  const next = kept.length > query.limit ? page.at(-1)?.id : undefined;
  // Those under way stand at the top of the first page, where they will be once they are kept.
  const matches = ({ record }: LiveRun) =>
    record.ownerId === ownerId &&
    (language === undefined || record.language === language) &&
    (query.status === undefined || record.status === query.status);
  const live = [...executor.live.values()].filter(matches).map(({ record }) => record);
  const shown = new Set(live.map(({ id }) => id));
  const first = query.cursor === undefined ? live.toReversed() : [];
  const rest = page.filter(({ id }) => !shown.has(id));
  return {
    runs: [...first, ...rest].map((record) => viewOf(record, undefined)),
    ...(next !== undefined && { nextCursor: next }),
  };
}

export async function cancelRun(call: Call, { id }: One, signal: AbortSignal): Promise<Run> {
  const found = await findRun(call, id);
  if (!found.live) return viewOf(found.record, found.output);
  found.live.cancel();
  return viewOf(await orAborted(found.live.done, signal), found.output);
}

export async function removeRun(call: Call, { id }: One, signal: AbortSignal): Promise<void> {
  await cancelRun(call, { id }, signal);
  await call.executor.history.settled();
  await call.store.runs.remove(call.actor.user.id, id);
  await call.store.runs.removeKey(call.actor.user.id, id);
}

/** All of them are let in, or none. */
export async function createRuns(
  call: Call,
  { runs }: { runs: readonly RunInput[] },
  signal: AbortSignal,
): Promise<{ runs: Run[] }> {
  requireScope(call.actor, "runs");
  for (const { language } of runs) languageOf(language);
  call.executor.admission.check(runs.length);
  using stack = new DisposableStack();
  const live: LiveRun[] = [];
  try {
    for (const input of runs) {
      const begun = await beginRun(call, input, signal);
      live.push(begun.live);
      stack.use(cancelWith(begun.live, signal));
    }
  } catch (error) {
    for (const run of live) run.cancel();
    throw error;
  }
  const records = await orAborted(Promise.all(live.map((run) => run.done)), signal);
  return { runs: records.map((record, index) => viewOf(record, live[index]?.output)) };
}
