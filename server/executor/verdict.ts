import { constants } from "node:os";
import type { Exit } from "./frames.ts";
import type { RunStatus } from "#contract/run.ts";

export interface Verdict {
  readonly status: RunStatus;
  readonly exitCode: number | null;
  readonly signal?: string;
  readonly reason?: string;
}

/** Some have two names: the first is the one that everybody knows. */
const signals = new Map(
  Object.entries(constants.signals)
    .toReversed()
    .map(([name, number]) => [number, name]),
);

/** What the slot's first process saw, as one word. What the kernel killed for its memory is told by the kernel's own counter. */
export function verdictOf(exit: Exit): Verdict {
  const how = exit.signalled
    ? { exitCode: null, signal: signals.get(exit.code) ?? `SIG${exit.code}` }
    : { exitCode: exit.code };
  switch (exit.reason) {
    case "failed":
      return { status: "internal_error", exitCode: null, reason: exit.problem };
    case "cancelled":
      return { status: "cancelled", ...how };
    case "timed-out":
      return { status: exit.oomKills > 0 ? "memory_limit" : "timeout", ...how };
    case "too-much-output":
      return { status: exit.stage === "compile" ? "compile_error" : "output_limit", ...how };
    case "ended":
      if (exit.oomKills > 0) return { status: "memory_limit", ...how };
      if (!exit.signalled && exit.code === 0) return { status: "ok", ...how };
      return { status: exit.stage === "compile" ? "compile_error" : "runtime_error", ...how };
  }
}
