import { bytes, megabytes } from "../../lib/units.ts";
import type { Run, RunStatus } from "#contract/run.ts";

export type Tone = "ok" | "busy" | "warn" | "danger" | "neutral";

/** Each verdict's word, as short as a list needs it. */
export const verdicts: Readonly<Record<RunStatus, { word: string; tone: Tone }>> = {
  queued: { word: "queued", tone: "busy" },
  running: { word: "running", tone: "busy" },
  ok: { word: "ok", tone: "ok" },
  runtime_error: { word: "runtime error", tone: "danger" },
  compile_error: { word: "compile error", tone: "danger" },
  timeout: { word: "timeout", tone: "warn" },
  memory_limit: { word: "memory limit", tone: "warn" },
  output_limit: { word: "output limit", tone: "warn" },
  cancelled: { word: "stopped", tone: "neutral" },
  internal_error: { word: "not run", tone: "danger" },
};

const signals: Readonly<Record<string, string>> = {
  SIGABRT: "it gave itself up, as after a failed assertion",
  SIGBUS: "it used memory that is not there",
  SIGFPE: "it calculated what has no result, such as a division by zero",
  SIGILL: "it came upon an instruction that there is not",
  SIGKILL: "it was killed at once",
  SIGPIPE: "it wrote to somebody who no longer reads",
  SIGSEGV: "it touched memory that is not its own",
  SIGSYS: "it asked the system for what no run may",
  SIGTERM: "it was asked to end",
  SIGTRAP: "it stopped for a debugger",
  SIGXCPU: "its processor time was up",
  SIGXFSZ: "it wrote a larger file than it may",
};

/** `8 ms`, `1.24 s`, `2 m 05 s`. */
export function duration(ms: number): string {
  if (ms < 1) return "<1 ms";
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, "0")} s`;
}

/** `exit 0 · 8 ms wall · 6 ms cpu · 9.1 MB`, and how long it waited when that was to be noticed. */
export function figuresOf(run: Run): string {
  const how = run.signal ?? (run.exitCode === null ? undefined : `exit ${run.exitCode}`);
  const ran = run.wallMs > 0;
  return [
    how,
    ran && `${duration(run.wallMs)} wall`,
    ran && `${duration(run.cpuMs)} cpu`,
    run.memoryPeakBytes > 0 && bytes(run.memoryPeakBytes),
    run.queueMs >= 1 && `${duration(run.queueMs)} queued`,
    ran && (run.warm ? "warm" : "cold start"),
  ]
    .filter((part) => part !== undefined && part !== false)
    .join(" · ");
}

/** What came of it, in a sentence. Commands are in backticks. */
export function sentenceOf(run: Run): string {
  const { limits, signal, exitCode, stage } = run;
  switch (run.status) {
    case "queued":
    case "running":
      return "The gateway ended while this run went on: what came of it is not known.";
    case "ok":
      return "It ended by itself, without an error.";
    case "runtime_error":
      if (signal === undefined) return `It ended with code ${exitCode ?? "?"}, which means an error.`;
      return signals[signal] === undefined
        ? `It was ended by the signal ${signal}.`
        : `It was ended by ${signal}: ${signals[signal]}.`;
    case "compile_error":
      return "The compiler refused it, so nothing ran.";
    case "timeout":
      return stage === "compile"
        ? "The compiler was not done in the time that it has."
        : `It was not done after ${limits.timeoutMs / 1000} s, and was ended. What it wrote is kept.`;
    case "memory_limit":
      return `${stage === "compile" ? "The compiler" : "It"} wanted more than ${megabytes(limits.memoryMb)} of memory, and the kernel ended it.`;
    case "output_limit":
      return `It wrote more than ${bytes(limits.maxOutputBytes)}, and was ended. The beginning is kept.`;
    case "cancelled":
      return "It was stopped. What it wrote until then is kept.";
    case "internal_error":
      return `${run.reason ?? "Something of Ghost broke."} The program is not to blame.`;
  }
}
