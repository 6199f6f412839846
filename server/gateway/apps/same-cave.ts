import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Config } from "../../config/config.ts";
import { AppError } from "../../lib/app-error.ts";
import { appOfHost, type AppHost } from "../../surfaces/origins.ts";

type Hosting = Pick<Config, "url" | "appsDomain">;

/**
 * A browser sends the pass along whoever wrote the page, so the page must be the app's own, or another port's of the same cave: whoever wrote one
 * could have written the other. Anybody may lead a browser to an app by a link, which shows them nothing.
 */
export function requireSameCave(
  headers: IncomingHttpHeaders,
  app: AppHost,
  config: Hosting,
  safe: boolean,
): void {
  const site = headers["sec-fetch-site"];
  if (site === "same-origin" || site === "none") return;
  if (site !== undefined && safe && headers["sec-fetch-mode"] === "navigate") return;
  const from = headers.origin ?? originOfUrl(headers.referer);
  if (
    from === undefined
      ? site === undefined
      : from === app.origin || siblingOf(from, app, config) !== undefined
  )
    return;
  throw new AppError("cross_site", "A page of another site may not use this app in your name.");
}

/** Upgrades have neither a preflight nor an answer that a browser would hide: their `Origin` is there, and is one of these to the letter. */
export function requireSocketOrigin({ origin }: IncomingHttpHeaders, app: AppHost, config: Hosting): void {
  if (origin !== undefined && (origin === app.origin || siblingOf(origin, app, config) !== undefined)) return;
  throw new AppError("cross_site", "A page of another site may not open this in your name.");
}

/** The port of the same cave whose page's origin this is. Only ports are each other's siblings. */
export function siblingOf(origin: string, app: AppHost, config: Hosting): number | undefined {
  if (typeof app.surface !== "number" || origin === app.origin) return undefined;
  const other = appOfHost(config, origin.slice(origin.indexOf("//") + 2));
  return other !== undefined &&
    other.origin === origin &&
    other.cave === app.cave &&
    typeof other.surface === "number"
    ? other.surface
    : undefined;
}

function originOfUrl(url: string | undefined): string | undefined {
  return url === undefined ? undefined : URL.parse(url)?.origin;
}

/**
 * A preflight carries no cookie, so an app that is not public cannot be asked. A page of the same cave's may go on to send the request itself, with
 * its pass; whether it reads the answer is then up to the app.
 */
export function answerPreflight(
  request: IncomingMessage,
  response: ServerResponse,
  app: AppHost,
  config: Hosting,
): boolean {
  const {
    origin,
    "access-control-request-method": method,
    "access-control-request-headers": names,
  } = request.headers;
  if (request.method !== "OPTIONS" || origin === undefined || method === undefined || response.headersSent)
    return false;
  if (siblingOf(origin, app, config) === undefined) return false;
  response.writeHead(204, {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": method,
    ...(names !== undefined && { "access-control-allow-headers": names }),
    vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
  });
  response.end();
  return true;
}
