import type { IncomingHttpHeaders } from "node:http";
import { AppError } from "../lib/app-error.ts";

/**
 * A browser sends the session's cookie whoever wrote the page, so a request that changes something must come from a page of ours: the browser
 * says so itself (`Sec-Fetch-Site`, which no script can set), or else its `Origin` is ours to the letter.
 */
export function requireSameOrigin(headers: IncomingHttpHeaders, ownOrigin: string): void {
  const site = headers["sec-fetch-site"];
  const fine = site === undefined ? headers.origin === ownOrigin : site === "same-origin" || site === "none";
  if (!fine) throw new AppError("cross_site", "Another site's page may not do this in your name.");
}
