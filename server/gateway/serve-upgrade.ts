import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { AppError } from "../lib/app-error.ts";
import { serveAppUpgrade } from "./apps/serve-app-upgrade.ts";
import { identify, permit } from "./caller.ts";
import { newExchange, type Exchange } from "./exchange.ts";
import { isClear } from "./framing.ts";
import type { FrontDoor } from "./front-door.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";
import { auditExchange, noted } from "./serve-api.ts";
import { serveSocket, socketAt } from "./serve-socket.ts";

/** Upgrades take the same road as requests: host, route, caller, input; and besides, a browser's `Origin` must be ours to the letter. */
export async function serveUpgrade(
  door: FrontDoor,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  socket.pause(); // no byte is read before the caller is known
  const { ctx } = door;
  const exchange = newExchange(request, ctx);
  const started = performance.now();
  socket.on("error", () => socket.destroy());
  socket.once("close", () => exchange.abort.abort(new DOMException("The caller went away.", "AbortError")));
  try {
    if (!isClear(request))
      throw new AppError("bad_request", "The request does not say clearly where its body ends.");
    const host = door.hosts(request.headers.host);
    if (host === undefined) throw new AppError("misdirected", "This gateway does not answer for that host.");
    if (host.kind === "app") await serveAppUpgrade(door, host, { request, socket, head }, exchange);
    else await serveOwn(door, host.origin, { request, socket, head }, exchange);
  } catch (error) {
    if (socket.writable) {
      exchange.error = noted(error, exchange, ctx);
      refuseUpgrade(socket, exchange.error, exchange.id);
      auditExchange(ctx, request, exchange, exchange.params);
    }
  }
  const { id, route, actor, error, failure } = exchange;
  const ms = Math.round(performance.now() - started);
  ctx.log.info(
    {
      request: id,
      method: "WS",
      route,
      status: error?.status ?? 101,
      ms,
      actor: actor.user.name,
      ...(error && { error: error.code }),
      ...(failure !== undefined && { failure }),
    },
    "socket closed",
  );
}

async function serveOwn(
  door: FrontDoor,
  origin: string,
  caller: { request: IncomingMessage; socket: Duplex; head: Buffer },
  exchange: Exchange,
): Promise<void> {
  const { request } = caller;
  exchange.origin = origin;
  const found = socketAt(door, request);
  exchange.route = found.route.name;
  exchange.params = found.params;
  const { access } = found.route.endpoint;
  exchange.actor = await identify(door, request, { ...exchange, access, changes: false });
  permit(exchange.actor, access);
  requireOrigin(request, exchange);
  await serveSocket(door, found, caller, exchange);
}

function requireOrigin({ headers: { origin } }: IncomingMessage, { actor, origin: own }: Exchange): void {
  const fine = origin === undefined ? actor.via === "token" : origin === own;
  if (!fine) throw new AppError("cross_site", "Another site's page may not open this in your name.");
}
