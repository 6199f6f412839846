import type { ErrorCode } from "./errors.ts";

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

/**
 * The error in an answer's body, or the best that can be said of an answer that has none (a proxy's, say). Read by hand, so that pages need
 * no library for it.
 */
export function readError(body: unknown, status: number): GhostError {
  const { code, message, hint, details, requestId } = (body ?? {}) as Record<string, unknown>;
  if (typeof code !== "string" || typeof message !== "string")
    return new GhostError("internal", `The server answered ${status}.`, { status });
  return new GhostError(code as ErrorCode, message, {
    status,
    hint: typeof hint === "string" ? hint : "",
    details,
    requestId: typeof requestId === "string" ? requestId : undefined,
  });
}
