import { AppError } from "../lib/app-error.ts";

const maxLength = 16_384;

/**
 * A request's target, taken as it is: a path that begins with one slash. A whole URL, `//host` and backslashes name other hosts to some
 * readers, so none of them gets far enough to be read.
 */
export function parseTarget(target: string | undefined): { path: string; query: string } {
  if (target === undefined || !/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(target)) {
    throw new AppError("bad_request", "The request's target must be a path that begins with one slash.");
  }
  if (target.length > maxLength) throw new AppError("uri_too_long", "The path and the query are too long.");
  const end = target.indexOf("?");
  return end < 0 ? { path: target, query: "" } : { path: target.slice(0, end), query: target.slice(end + 1) };
}
