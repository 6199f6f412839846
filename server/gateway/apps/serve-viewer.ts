import type { IncomingMessage, ServerResponse } from "node:http";
import type { Actor } from "../../auth/actor.ts";
import { requireSameOrigin } from "../../auth/same-origin.ts";
import { AppError } from "../../lib/app-error.ts";
import type { AppHost } from "../../surfaces/origins.ts";
import { permit } from "../caller.ts";
import type { Exchange } from "../exchange.ts";
import type { FrontDoor } from "../front-door.ts";
import { setPolicy } from "../headers.ts";
import { serveApi } from "../serve-api.ts";
import { parseTarget } from "../target.ts";
import type { Visit } from "./visits.ts";
import type { Access } from "#contract/endpoint.ts";
import type { Scope } from "#contract/scopes.ts";
import type { Surface } from "#contract/surfaces.ts";

export type ViewerSurface = "terminal" | "desktop";

/** Surfaces that are pages of our own, and the endpoints that such a page may call on its host: about its cave, and in nobody else's name. */
const viewers: Record<ViewerSurface, RegExp> = {
  terminal: /^(terminals\..+|caves\.get)$/,
  desktop: /^(desktop\..+|caves\.get)$/,
};
const scopes: ReadonlySet<Scope> = new Set<Scope>(["caves:read", "caves:exec"]);

export function isViewer(surface: Surface): surface is ViewerSurface {
  return surface === "terminal" || surface === "desktop";
}

export async function serveViewer(
  door: FrontDoor,
  app: AppHost & { surface: ViewerSurface },
  visit: Visit,
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
): Promise<void> {
  setPolicy(response);
  response.setHeader("x-request-id", exchange.id);
  const { path, query } = parseTarget(request.url);
  const match = door.router(request.method ?? "", path);
  if (match.kind === "route" && isItsOwn(app, match.route.name, match.params)) {
    const identify = (access: Access, changes: boolean) => viewerOf(visit, request, app, access, changes);
    await serveApi(door, match.route, match.params, query, request, response, exchange, identify);
    return;
  }
  response.removeHeader("x-frame-options"); // its policy says who may
  if (request.method === "GET" && (await door.viewers[app.surface](path, request, response))) return;
  throw new AppError("not_found", "There is nothing at this path.");
}

export function isItsOwn(
  app: AppHost & { surface: ViewerSurface },
  route: string,
  params: Record<string, string>,
): boolean {
  return viewers[app.surface].test(route) && params["cave"] === app.cave;
}

/** The visitor, with no more rights than the page needs. */
export function viewerOf(
  { actor, ambient }: Visit,
  { headers }: IncomingMessage,
  { origin }: AppHost,
  access: Access,
  changes: boolean,
): Actor {
  if (changes && ambient) requireSameOrigin(headers, origin);
  const narrow = new Set([...scopes].filter((scope) => actor.scopes.has(scope) || actor.scopes.has("admin")));
  const viewer = { ...actor, scopes: narrow };
  permit(viewer, access);
  return viewer;
}
