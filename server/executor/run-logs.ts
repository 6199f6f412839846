import type { Call } from "../context.ts";
import type { LiveRun } from "./live-run.ts";
import type { Output } from "./output.ts";
import { isOver, viewOf, type RunRecord } from "./run-record.ts";
import { findRun } from "./runs.ts";
import type { RunLog } from "#contract/run.ts";

/** All that a run has written and writes, from its start, and then its result. Slow readers get larger pieces, later. */
export async function runLogs(
  call: Call,
  { id }: { id: string },
  signal: AbortSignal,
): Promise<AsyncIterable<RunLog>> {
  const { record, output, live } = await findRun(call, id);
  return live ? follow(live, signal) : replay(record, output);
}

async function* replay(record: RunRecord, output: Output): AsyncGenerator<RunLog, void, undefined> {
  await Promise.resolve();
  for (const event of output.events()) yield { type: "output", ...event };
  yield { type: "exit", run: viewOf(record, output) };
}

async function* follow(live: LiveRun, signal: AbortSignal): AsyncGenerator<RunLog, void, undefined> {
  let wake = () => {};
  using _following = live.follow(() => wake());
  const next = live.output.reader();
  let told: string | undefined;
  const abort = () => wake();
  signal.addEventListener("abort", abort, { once: true });
  try {
    while (!signal.aborted) {
      const changed = new Promise<void>((resolve) => (wake = resolve));
      const { status } = live.record;
      const { position } = live;
      const now = `${status} ${position ?? ""}`;
      if (!isOver(live.record) && now !== told) {
        told = now;
        yield { type: "status", status, ...(position !== undefined && { position }) };
      }
      for (let event = next(); event; event = next()) yield { type: "output", ...event };
      if (isOver(live.record)) {
        for (let event = next(); event; event = next()) yield { type: "output", ...event };
        yield { type: "exit", run: viewOf(live.record, live.output) };
        return;
      }
      await changed;
    }
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
