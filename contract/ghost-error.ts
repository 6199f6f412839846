import { z } from "zod";
import type { ErrorCode } from "./errors.ts";

const Failure = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().default(""),
  details: z.unknown().optional(),
  requestId: z.string().optional(),
});

/** A request that failed: the server's own error, or `unreachable` when none answered. */
export class GhostError extends Error {
  readonly code: ErrorCode | "unreachable";
  /** Of the HTTP answer; 0 when there was none. */
  readonly status: number;
  readonly hint: string;
  readonly details: unknown;
  readonly requestId: string | undefined;

  constructor(
    code: ErrorCode | "unreachable",
    message: string,
    given: {
      status?: number;
      hint?: string;
      details?: unknown;
      requestId?: string | undefined;
      cause?: unknown;
    },
  ) {
    super(message, given.cause === undefined ? undefined : { cause: given.cause });
    this.name = "GhostError";
    this.code = code;
    this.status = given.status ?? 0;
    this.hint = given.hint ?? "";
    this.details = given.details;
    this.requestId = given.requestId;
  }
}

/** The error in an answer's body, or the best that can be said of an answer that has none (a proxy's, say). */
export function readError(body: unknown, status: number): GhostError {
  const parsed = Failure.safeParse(body);
  if (!parsed.success) return new GhostError("internal", `The server answered ${status}.`, { status });
  const { code, message, ...rest } = parsed.data;
  return new GhostError(code as ErrorCode, message, { ...rest, status });
}
