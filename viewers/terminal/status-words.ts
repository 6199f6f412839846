import type { Phase } from "./session-state.ts";

export type Level = "good" | "watching" | "idle" | "waiting" | "bad" | "ended";

/** How a terminal is, in words; the countdown of one that waits is told apart, since it is not worth speaking of. */
export function wordsOf(phase: Phase, control: boolean): string {
  switch (phase.kind) {
    case "connecting":
      return "Connecting";
    case "attached":
      return control ? "Connected" : "Watching: somebody else types";
    case "waiting":
      return `${phase.cause} Reconnecting`;
    case "suspended":
      return "Paused while nobody looks";
    case "exited":
      return phase.exit.signal === undefined
        ? `Ended with exit code ${phase.exit.exitCode ?? "unknown"}`
        : `Ended by ${phase.exit.signal}`;
    case "gone":
      return "This terminal is closed";
    case "refused":
      return phase.cause;
    case "disposed":
      return "";
  }
}

export function countdownOf(phase: Phase, now: number): string {
  if (phase.kind !== "waiting") return "";
  const seconds = Math.ceil((phase.retryAt - now) / 1000);
  return seconds > 0 ? `in ${seconds} s` : "now";
}

export function levelOf(phase: Phase, control: boolean): Level {
  switch (phase.kind) {
    case "attached":
      return control ? "good" : "watching";
    case "connecting":
    case "suspended":
      return "idle";
    case "waiting":
      return "waiting";
    case "refused":
      return "bad";
    case "exited":
    case "gone":
    case "disposed":
      return "ended";
  }
}

/** What the person can do about it. */
export function actionOf(phase: Phase, control: boolean): "Take control" | "Try now" | undefined {
  if (phase.kind === "attached") return control ? undefined : "Take control";
  return phase.kind === "waiting" || phase.kind === "refused" ? "Try now" : undefined;
}
