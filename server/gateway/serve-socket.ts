import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { SocketHandler } from "../api/handler.ts";
import { readInput } from "../api/read-input.ts";
import type { Route, Run } from "../api/router.ts";
import type { GuestSocket } from "../guest/guest.ts";
import { AppError } from "../lib/app-error.ts";
import { bridge } from "./bridge.ts";
import type { Exchange } from "./exchange.ts";
import type { FrontDoor } from "./front-door.ts";
import { auditExchange, callOf } from "./serve-api.ts";
import { parseTarget } from "./target.ts";

/** An endpoint that answers with a WebSocket. */
export interface FoundSocket {
  readonly route: Route;
  readonly run: Run;
  readonly params: Record<string, string>;
  readonly query: string;
}

export function socketAt({ router }: Pick<FrontDoor, "router">, request: IncomingMessage): FoundSocket {
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
  return { route: match.route, run: socket.run, params: match.params, query };
}

/** Resolves when the socket is over. Who calls and whether they may has been decided. */
export async function serveSocket(
  { ctx }: Pick<FrontDoor, "ctx">,
  { route, run, params, query }: FoundSocket,
  caller: { request: IncomingMessage; socket: Duplex; head: Buffer },
  exchange: Exchange,
): Promise<void> {
  const { signal } = exchange.abort;
  exchange.route = route.name;
  using _open = ctx.ongoing.add({
    requestId: exchange.id,
    actor: exchange.actor,
    end: (reason) => exchange.abort.abort(reason),
  });
  exchange.params = params;
  const input = await readInput(route, caller.request, params, query, signal);
  const answer = (await run(callOf(ctx, exchange), input, signal)) as GuestSocket | SocketHandler;
  auditExchange(ctx, caller.request, exchange, params);
  await (typeof answer === "function" ? answer(caller, signal) : bridge(caller, answer, signal));
}
