import type { IncomingMessage, ServerResponse } from "node:http";
import { foldError } from "../../api/errors.ts";
import { hasScope } from "../../auth/actor.ts";
import type { Context } from "../../context.ts";
import { AppError, isAppError } from "../../lib/app-error.ts";
import { isReady, startSurface, titleOf } from "../../surfaces/connect.ts";
import type { AppHost } from "../../surfaces/origins.ts";
import { ownPrefix } from "../../surfaces/own-paths.ts";
import type { Exchange } from "../exchange.ts";
import type { FrontDoor } from "../front-door.ts";
import { hopHeader, waitingPage } from "../relay/failure-page.ts";
import { isSafe } from "../relay/request-check.ts";
import { answerError, noted } from "../serve-api.ts";
import { cavePage, errorPage, isFramed, isNavigation, sendPage, signedOutPage } from "./own-pages.ts";
import { answerPreflight, requireSameCave } from "./same-cave.ts";
import { serveOwnPath } from "./serve-own-path.ts";
import { isViewer, serveViewer } from "./serve-viewer.ts";
import { targetOf } from "./target.ts";
import type { Visit } from "./visits.ts";

/** A service that takes longer to start is waited for on a page that says so. */
const quickStartMs = 1_500;

/** A request to the host of an app: who is it, may they, does it run; then it is the app's. */
export async function serveApp(
  door: FrontDoor,
  app: AppHost,
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
): Promise<void> {
  const { ctx, visits } = door;
  const { signal } = exchange.abort;
  exchange.origin = app.origin;
  exchange.route = routeOf(app);
  try {
    if (request.url?.startsWith(ownPrefix)) {
      await serveOwnPath(door, app, request, response, exchange);
      return;
    }
    const found = visits(door, request, { caveId: app.cave, surface: app.surface }, exchange.ip);
    // A page loads a hundred files: none of them waits for what is known.
    const visit = found instanceof Promise ? await found : found;
    exchange.actor = visit.actor;
    if (visit.ambient) requireSameCave(request.headers, app, ctx.config, isSafe(request.method));
    exchange.open = ctx.ongoing.add({
      requestId: exchange.id,
      actor: visit.actor,
      end: (reason) => exchange.abort.abort(reason),
    });
    if (isViewer(app.surface)) {
      await serveViewer(door, { ...app, surface: app.surface }, visit, request, response, exchange);
      return;
    }
    if (!isUp(ctx, app, visit) && (await waits(door, app, visit, request, response, signal))) return;
    const target = targetOf(ctx, app, visit, request, exchange.ip, door.frameAncestors);
    const { failure } = await door.relay.request(request, response, target, signal);
    if (failure !== undefined) exchange.failure = failure;
  } catch (error) {
    if (answerPreflight(request, response, app, ctx.config)) return;
    refuse(door, app, request, response, exchange, error);
  }
}

export function routeOf({ surface }: AppHost): string {
  return `app.${typeof surface === "number" ? "port" : surface}`;
}

/** Nothing has to be waited for. */
function isUp(ctx: Context, { surface }: AppHost, { record }: Visit): boolean {
  return record.state === "running" && (typeof surface === "number" || isReady(ctx, record, surface));
}

/** Whether a page was given that waits: for the cave, or for a service that takes its time. */
async function waits(
  { ctx, frameAncestors }: FrontDoor,
  { surface }: AppHost,
  { record, actor }: Visit,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<boolean> {
  if (record.state !== "running") {
    response.setHeader(hopHeader, "cave");
    if (!isNavigation(request))
      throw new AppError("cave_state", `${record.name} is ${record.state}.`, {
        details: { state: record.state },
      });
    const mayStart = actor.via !== "public" && actor.via !== "link" && hasScope(actor, "caves:write");
    sendPage(response, 503, cavePage(record, mayStart, frameAncestors), "cave");
    return true;
  }
  if (typeof surface === "number" || !isNavigation(request)) return false;
  const started = startSurface(ctx, record, surface, signal).then(() => true);
  const slow = new Promise<false>((resolve) => setTimeout(resolve, quickStartMs, false).unref());
  if (await Promise.race([started, slow])) return false;
  started.catch(() => undefined); // the page asks again, and is told then
  const title = `${titleOf(surface)} is starting`;
  sendPage(
    response,
    503,
    waitingPage({ title, text: "This page loads by itself when it is ready." }, "gateway", frameAncestors),
  );
  return true;
}

function refuse(
  door: FrontDoor,
  app: AppHost,
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
  error: unknown,
): void {
  const { ctx, frameAncestors } = door;
  if (response.headersSent || response.destroyed || !isNavigation(request)) {
    answerError(ctx, exchange, response, error);
    return;
  }
  // Whoever may not see it and whoever has lost the right are told the same: whether there is such a cave is nobody's business.
  if (isAppError(error, "unauthenticated") || isAppError(error, "cave_not_found")) {
    exchange.error = foldError(error);
    if (isFramed(request)) sendPage(response, 401, signedOutPage(door.hosts.own, frameAncestors));
    else redirect(response, signInUrl(ctx, app, request.url ?? "/"));
    return;
  }
  exchange.error = noted(error, exchange, ctx);
  sendPage(response, exchange.error.status, errorPage(exchange.error, frameAncestors));
}

/** The dashboard knows whether the browser is signed in, and leads it back here if so. */
function signInUrl({ config }: Pick<Context, "config">, { surface, cave }: AppHost, path: string): string {
  return `${config.url}/open/${surface}/${cave}?path=${encodeURIComponent(path)}`;
}

export function redirect(response: ServerResponse, location: string, cookie?: string): void {
  response.writeHead(303, {
    location,
    ...(cookie !== undefined && { "set-cookie": cookie }),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "content-length": 0,
  });
  response.end();
}
