import { AppError } from "../lib/app-error.ts";
import type { CaveRecord } from "./cave-record.ts";
import type { CaveState } from "#contract/cave.ts";

interface Move {
  /** States it is legal in. */
  readonly from: readonly CaveState[];
  /** States in which there is nothing to do. */
  readonly already: readonly CaveState[];
}

/** Every legal move. Removing is legal always. */
export const moves = {
  start: { from: ["stopped", "failed"], already: ["running"] },
  stop: { from: ["running", "paused"], already: ["stopped", "failed"] },
  restart: { from: ["running", "paused", "stopped", "failed"], already: [] },
  pause: { from: ["running"], already: ["paused"] },
  resume: { from: ["paused"], already: ["running"] },
  patch: { from: ["running", "paused", "stopped", "failed"], already: [] },
  enter: { from: ["running"], already: [] },
} as const satisfies Record<string, Move>;

export type Verb = keyof typeof moves;

/** Whether there is something to do; throws where the move is illegal. */
export function mustMove(record: CaveRecord, verb: Verb): boolean {
  const { from, already }: Move = moves[verb];
  if (from.includes(record.state)) return true;
  if (already.includes(record.state)) return false;
  throw new AppError("cave_state", `The cave ${record.name} is ${record.state}; ${needs(verb)}.`, {
    details: { state: record.state, ...(record.stateReason !== undefined && { reason: record.stateReason }) },
  });
}

function needs(verb: Verb): string {
  const states = moves[verb].from.join(" or ");
  return verb === "enter" ? `it must be ${states}` : `to ${verb} it, it must be ${states}`;
}
