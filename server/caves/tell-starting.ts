import type { Context } from "../context.ts";
import { said } from "../lib/said.ts";
import type { CaveRecord } from "./cave-record.ts";
import type { Report } from "./progress.ts";

/** Lines within a stage are told at most so often, and the last one always. */
export const lineEveryMs = 500;
const mostLine = 300;

/**
 * Tells everybody who may know of a cave how far it is, until disposed; whoever waits for it is told too, and all of it. What an engine or a build says is
 * made harmless here, for both.
 */
export function tellStarting(
  { fleet: { events, live }, now }: Pick<Context, "fleet" | "now">,
  { id: caveId, ownerId }: Pick<CaveRecord, "id" | "ownerId">,
  waiting: Report,
): { report: Report } & Disposable {
  let told = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    clearTimeout(timer);
    timer = undefined;
    told = performance.now();
    const starting = live.starting(caveId);
    events.publish(ownerId, { type: "starting", caveId, ...(starting && { starting }) });
  };
  return {
    report: (stage, status, message) => {
      const line = message === undefined ? undefined : said(message, mostLine);
      waiting(stage, status, line);
      if (status === "done") return; // the next one says so
      const before = live.starting(caveId);
      const same = before?.stage === stage;
      const since = same ? before.since : now().toISOString();
      const last = line ?? (same ? before.line : undefined);
      live.setStarting(caveId, { stage, since, ...(last !== undefined && { line: last }) });
      if (!same) tell();
      else if (last !== before.line) timer ??= setTimeout(tell, told + lineEveryMs - performance.now());
    },
    [Symbol.dispose]: () => {
      live.setStarting(caveId, undefined);
      tell();
    },
  };
}
