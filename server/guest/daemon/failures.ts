import { z } from "zod";
import { AppError, isAppError } from "../../lib/app-error.ts";
import { said } from "../../lib/said.ts";
import type { DaemonFailure } from "#contract/daemon.ts";
import { errors, type ErrorCode } from "#contract/errors.ts";

/** What a cave may say of itself; any other code from inside one is a lie or a fault. */
const believed = new Set<string>([
  "bad_request",
  "process_not_found",
  "terminal_not_found",
  "file_not_found",
  "file_exists",
  "file_kind",
  "file_changed",
  "file_denied",
  "payload_too_large",
  "range_not_satisfiable",
  "invalid_input",
  "surface_unavailable",
  "surface_stopped",
  "working_directory",
  "limit_reached",
  "timeout",
  "disk_full",
] satisfies ErrorCode[]);

/** Said by a daemon of whatever its protocol does not have. */
const tooOld =
  "The daemon in this cave is older than the gateway, and cannot do that: a new cave from the present image can.";

const Failure = z.object({ code: z.string(), message: z.string() }) satisfies z.ZodType<DaemonFailure>;

/** The daemon's refusal as an error of ours. Its text comes out of a cave: it is cut, and stripped of what a terminal would obey. */
export function failureOf(body: unknown): AppError {
  const { success, data } = Failure.safeParse(body);
  if (success && data.code === "not_found") return new AppError("surface_unavailable", tooOld);
  if (!success || !isBelieved(data.code)) {
    const answer = success ? data.code : "something that is no answer";
    return new AppError("cave_unreachable", "The cave's daemon failed.", {
      cause: new Error(`The daemon answered ${answer.slice(0, 100)}.`),
    });
  }

  return new AppError(data.code, said(data.message, 500));
}

function isBelieved(code: string): code is ErrorCode {
  return believed.has(code) && Object.hasOwn(errors, code);
}

/** Whatever went wrong on the way to the daemon. */
export function connectionFailure(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  return isAppError(error)
    ? error
    : new AppError("cave_unreachable", "The cave does not answer.", { cause: error });
}
