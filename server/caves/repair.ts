import type { Observed } from "../backends/backend.ts";
import type { CaveRecord } from "./cave-record.ts";

/** What sets store and engine right about one cave. */
export type Repair =
  | { do: "nothing" }
  /** Go on with what was begun. */
  | { do: "create" | "remove" | "start" | "stop" | "pause" | "resume" }
  /** The engine is right: only the store is told. */
  | { do: "note"; state: "running" | "paused" | "stopped" | "failed"; reason?: string };

export interface Seen {
  /** Undefined when the engine holds nothing of the cave. */
  observed: Observed | undefined;
  /** The engine was away since the store was last right. */
  engineWasAway: boolean;
}

/**
 * What the store wants (a durable intent) is finished; what nobody asked for (somebody at the engine, a crash) is taken as it is.
 * A pure function of both, so that every pair can be seen in its test.
 */
export function repairOf(record: CaveRecord, { observed, engineWasAway }: Seen): Repair {
  const { state, desired } = record;
  if (state === "creating") return { do: "create" };
  if (state === "removing") return { do: "remove" };
  const wantsToStart = desired === "running" && (state === "stopped" || state === "failed");

  if (observed === undefined || observed.kind === "volume") {
    if (wantsToStart) return { do: "start" };
    if (state === "failed") return { do: "nothing" };
    if (observed === undefined) {
      return {
        do: "note",
        state: "failed",
        reason: "The engine has lost it; starting it makes it again, with an empty workspace.",
      };
    }
    if (state === "stopped") return { do: "nothing" };
    return {
      do: "note",
      state: "stopped",
      reason: "Its container was removed; starting it makes another with the same workspace.",
    };
  }

  switch (observed.state) {
    case "running":
      if (state === "running") {
        if (desired === "stopped") return { do: "stop" };
        return desired === "paused" ? { do: "pause" } : { do: "nothing" };
      }
      if (state === "paused" && desired === "stopped") return { do: "stop" };
      // A start that was not finished has not told the daemon its secrets: starting what runs is no error.
      return wantsToStart ? { do: "start" } : { do: "note", state: "running" };
    case "paused":
      if (desired === "stopped" && (state === "running" || state === "paused")) return { do: "stop" };
      if (state === "paused") return desired === "running" ? { do: "resume" } : { do: "nothing" };
      return { do: "note", state: "paused" };
    case "created":
    case "stopped":
      if (wantsToStart) return { do: "start" };
      if (state === "stopped" || state === "failed") return { do: "nothing" };
      return desired === "stopped"
        ? { do: "note", state: "stopped" }
        : { do: "note", ...endOf(observed, engineWasAway) };
  }
}

/** Why a cave that nobody stopped does not run. */
function endOf(
  { exitCode, outOfMemory }: Observed,
  engineWasAway: boolean,
): { state: "stopped" | "failed"; reason: string } {
  if (outOfMemory) return { state: "failed", reason: "It ran out of memory, and the kernel ended it." };
  if (engineWasAway) return { state: "stopped", reason: "The engine was restarted." };
  if (exitCode === undefined) return { state: "stopped", reason: "It was stopped at the engine." };
  const reason = `Its first process ended with exit code ${exitCode}.`;
  return { state: exitCode === 0 || endedFromOutside.has(exitCode) ? "stopped" : "failed", reason };
}

/** 128 + SIGINT, SIGKILL, SIGTERM: somebody at the engine. 255: an engine that came back and did not see how it ended. */
const endedFromOutside = new Set([130, 137, 143, 255]);
