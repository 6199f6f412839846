import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson } from "../../api/answer.ts";
import { requireSameOrigin } from "../../auth/same-origin.ts";
import { resumeCave } from "../../caves/pause.ts";
import { startCave } from "../../caves/start.ts";
import { AppError } from "../../lib/app-error.ts";
import { enterByLink, enterByTicket } from "../../surfaces/enter.ts";
import type { AppHost } from "../../surfaces/origins.ts";
import { ownPath } from "../../surfaces/own-paths.ts";
import { tooMany } from "../caller.ts";
import type { Exchange } from "../exchange.ts";
import type { FrontDoor } from "../front-door.ts";
import { auditExchange, callOf } from "../serve-api.ts";
import { parseTarget } from "../target.ts";
import { isThirdParty } from "./own-pages.ts";
import { writePass } from "./pass-cookie.ts";
import { redirect } from "./serve-app.ts";
import { serveCheck } from "./serve-check.ts";

/** The gateway's own paths on an app's host: the ways in, starting a cave that is stopped, and the self-test's page. */
export async function serveOwnPath(
  door: FrontDoor,
  app: AppHost,
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
): Promise<void> {
  const { path, query } = parseTarget(request.url);
  const given = new URLSearchParams(query);
  switch (`${request.method ?? ""} ${path}`) {
    case `GET ${ownPath.enter}`:
      return enter(door, app, given.get("ticket") ?? "", request, response, exchange);
    case `GET ${ownPath.link}`:
      return link(door, app, given.get("key") ?? "", request, response, exchange);
    case `GET ${ownPath.check}`: {
      serveCheck(request, response, given.has("answer"), {
        own: door.hosts.own,
        frameAncestors: door.frameAncestors,
      });
      return;
    }
    case `POST ${ownPath.start}`:
      return start(door, app, request, response, exchange);
    default:
      throw new AppError("not_found", "There is nothing at this path.");
  }
}

/** The ticket is gone from the address before anything of the app's is loaded. */
async function enter(
  door: FrontDoor,
  app: AppHost,
  ticket: string,
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
): Promise<void> {
  const { pass, path } = await limited(
    door,
    exchange,
    enterByTicket(door.ctx, ticket, { caveId: app.cave, surface: app.surface }),
  );
  redirect(response, path, writePass(door.ctx.passes, { ...pass, framed: isThirdParty(request) }));
}

async function link(
  door: FrontDoor,
  app: AppHost,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
): Promise<void> {
  const pass = await limited(
    door,
    exchange,
    enterByLink(door.ctx, key, { caveId: app.cave, surface: app.surface }),
  );
  redirect(response, "/", writePass(door.ctx.passes, { ...pass, framed: isThirdParty(request) }));
}

/** Who guesses is slowed down, as at the other doors. */
async function limited<T>(door: FrontDoor, { ip }: Exchange, entering: Promise<T>): Promise<T> {
  return entering.catch((error: unknown) => {
    throw tooMany(door.failures, ip) ?? error;
  });
}

async function start(
  { ctx, visits, ...door }: FrontDoor,
  app: AppHost,
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
): Promise<void> {
  const { actor, record, ambient } = await visits(
    { ctx, ...door },
    request,
    { caveId: app.cave, surface: app.surface },
    exchange.ip,
  );
  exchange.actor = actor;
  if (ambient) requireSameOrigin(request.headers, app.origin);
  const run = record.state === "paused" ? resumeCave : startCave;
  exchange.route = "app.start";
  const { state } = await run(callOf(ctx, exchange), { cave: record.id }, exchange.abort.signal);
  auditExchange(ctx, request, exchange, { cave: record.id });
  sendJson(response, 200, { state });
}
