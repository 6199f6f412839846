import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { SocketHandler } from "../api/handler.ts";
import { readInput } from "../api/read-input.ts";
import type { Route, Run } from "../api/router.ts";
import type { GuestSocket } from "../guest/guest.ts";
import { AppError } from "../lib/app-error.ts";
import { bridge } from "./bridge.ts";
import { identify, permit } from "./caller.ts";
import { newExchange, type Exchange } from "./exchange.ts";
import type { FrontDoor } from "./front-door.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";
import { auditExchange, callOf, noted } from "./serve-api.ts";
import { parseTarget } from "./target.ts";

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
  const { signal } = exchange.abort;
  const started = performance.now();
  let params: Record<string, string> = {};
  socket.on("error", () => socket.destroy());
  socket.once("close", () => exchange.abort.abort(new DOMException("The caller went away.", "AbortError")));
  try {
    const found = find(door, request, exchange);
    params = found.params;
    exchange.actor = await identify(door, request, {
      ...exchange,
      access: found.route.endpoint.access,
      changes: false,
    });
    permit(exchange.actor, found.route.endpoint.access);
    requireOrigin(request, exchange);
    using _open = ctx.ongoing.add({
      requestId: exchange.id,
      actor: exchange.actor,
      end: (reason) => exchange.abort.abort(reason),
    });
    const input = await readInput(found.route, request, params, found.query, signal);
    const answer = (await found.run(callOf(ctx, exchange), input, signal)) as GuestSocket | SocketHandler;
    auditExchange(ctx, request, exchange, params);
    const caller = { request, socket, head };
    await (typeof answer === "function" ? answer(caller, signal) : bridge(caller, answer, signal));
  } catch (error) {
    if (socket.writable) {
      exchange.error = noted(error, exchange, ctx);
      refuseUpgrade(socket, exchange.error, exchange.id);
      auditExchange(ctx, request, exchange, params);
    }
  }
  const { id, route, actor, error } = exchange;
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
    },
    "socket closed",
  );
}

function find(
  { hosts, router }: FrontDoor,
  request: IncomingMessage,
  exchange: Exchange,
): { route: Route; run: Run; params: Record<string, string>; query: string } {
  const origin = hosts(request.headers.host);
  if (origin === undefined) throw new AppError("misdirected", "This gateway does not answer for that host.");
  exchange.origin = origin;
  const { path, query } = parseTarget(request.url);
  const match = router(request.method ?? "", path);
  const socket =
    match.kind === "route" ? match.route.answers.find(({ answer }) => answer.kind === "socket") : undefined;
  if (
    match.kind !== "route" ||
    socket === undefined ||
    request.headers.upgrade?.toLowerCase() !== "websocket"
  ) {
    throw new AppError("not_found", "There is no WebSocket at this path.");
  }
  exchange.route = match.route.name;
  return { route: match.route, run: socket.run, params: match.params, query };
}

function requireOrigin({ headers: { origin } }: IncomingMessage, { actor, origin: own }: Exchange): void {
  const fine = origin === undefined ? actor.via === "token" : origin === own;
  if (!fine) throw new AppError("cross_site", "Another site's page may not open this in your name.");
}
