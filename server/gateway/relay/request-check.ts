import type { IncomingMessage } from "node:http";
import { HopFailure } from "./failure.ts";
import type { Framing } from "./headers.ts";

/**
 * Origin-form only, beginning with exactly one `/`: everything else (`http://host/`, `//host`, `/\host`, `*`) names a host to somebody. A
 * backslash is fine in the query, where browsers send it as it is. The target is passed on as this string and never parsed.
 */
const originForm =
  /^\/(?![/\\])[\x21\x22\x24-\x3e\x40-\x5b\x5d-\x7e\x80-\xff]*(?:\?[\x21\x22\x24-\x7e\x80-\xff]*)?$/;

/** Refuses what could be read in two ways. Returns how the body is framed. */
export function checkRequest(req: IncomingMessage): Framing {
  if (!originForm.test(req.url ?? "")) throw new HopFailure("bad_request_target");
  return framingOf(req);
}

/** Two readers must not end it in two places. */
export function framingOf(req: IncomingMessage): Framing {
  const encoding = req.headers["transfer-encoding"];
  const length = req.headers["content-length"];
  if (encoding !== undefined) {
    if (length !== undefined || encoding.toLowerCase() !== "chunked")
      throw new HopFailure("bad_request_framing");
    return { kind: "chunked" };
  }
  if (length === undefined) return { kind: "none" };
  if (!/^\d{1,15}$/.test(length)) throw new HopFailure("bad_request_framing");
  return { kind: "length", length };
}

/** Whether a client that repeats the request by itself does no harm. */
export function isSafe(method: string | undefined): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS" || method === "TRACE";
}
