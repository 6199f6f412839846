import type { CaveState } from "#contract/cave.ts";

export const CaveStates: readonly CaveState[] = [
  "running",
  "creating",
  "paused",
  "stopped",
  "failed",
  "removing",
];

/** What may be done to a cave in a state; the gateway has the last word. */
export const verbsFor: Record<CaveState, readonly Verb[]> = {
  running: ["stop", "restart", "pause", "remove"],
  creating: ["remove"],
  paused: ["resume", "stop", "remove"],
  stopped: ["start", "remove"],
  failed: ["start", "remove"],
  removing: [],
};

export type Verb = "start" | "stop" | "restart" | "pause" | "resume" | "remove";

/** The word on the button, while it goes on, and when it is done. */
export const verbWords: Record<Verb, { do: string; doing: string; done: string }> = {
  start: { do: "Start", doing: "Starting", done: "Started" },
  stop: { do: "Stop", doing: "Stopping", done: "Stopped" },
  restart: { do: "Restart", doing: "Restarting", done: "Restarted" },
  pause: { do: "Pause", doing: "Pausing", done: "Paused" },
  resume: { do: "Resume", doing: "Resuming", done: "Running again" },
  remove: { do: "Delete", doing: "Deleting", done: "Deleted" },
};
