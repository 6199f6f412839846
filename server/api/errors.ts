import { AppError } from "../lib/app-error.ts";
import type { ErrorBody } from "#contract/errors.ts";

/** The error as callers may see it: what is not ours to tell becomes `internal` and the request's id. */
export function foldError(error: unknown): AppError {
  return error instanceof AppError
    ? error
    : new AppError("internal", "Something went wrong inside Ghost.", { cause: error });
}

export function errorBody(error: AppError, requestId: string): ErrorBody {
  const { code, message, hint, details } = error;
  return { error: { code, message, hint, ...(details !== undefined && { details }), requestId } };
}

export function errorHeaders({ code, status, details }: AppError): Record<string, string> {
  const wait = retryAfter(details) ?? (status === 503 ? 2 : status === 429 ? 10 : undefined);
  return {
    ...(wait !== undefined && { "retry-after": String(wait) }),
    ...(status === 401 && { "www-authenticate": 'Bearer realm="ghost"' }),
    ...(code === "forbidden" && { "www-authenticate": 'Bearer realm="ghost", error="insufficient_scope"' }),
    ...(code === "method_not_allowed" && { allow: String((details as { allow?: unknown }).allow) }),
  };
}

function retryAfter(details: unknown): number | undefined {
  const given = (details as { retryAfter?: unknown } | undefined)?.retryAfter;
  return typeof given === "number" ? given : undefined;
}
