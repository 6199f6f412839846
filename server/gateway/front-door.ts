import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { SecureContextOptions } from "node:tls";
import { errorBody } from "../api/errors.ts";
import type { Router } from "../api/router.ts";
import { AppError } from "../lib/app-error.ts";
import { serveApp } from "./apps/serve-app.ts";
import { serveOpen } from "./apps/serve-open.ts";
import type { ViewerSurface } from "./apps/serve-viewer.ts";
import type { Visits } from "./apps/visits.ts";
import { nobody, type Door } from "./caller.ts";
import { forgetsCookies } from "./cookie-bomb.ts";
import { newExchange, type Exchange } from "./exchange.ts";
import { isClear } from "./framing.ts";
import { setPolicy } from "./headers.ts";
import type { Hosts } from "./hosts.ts";
import { linger } from "./linger.ts";
import type { Pages } from "./pages.ts";
import { defaultLimits, relayServerOptions } from "./relay/limits.ts";
import type { Relay } from "./relay/relay.ts";
import { newRequestId } from "./request-id.ts";
import { answerError, serveApi } from "./serve-api.ts";
import { serveUpgrade } from "./serve-upgrade.ts";
import { parseTarget } from "./target.ts";

export interface FrontDoor extends Door {
  readonly hosts: Hosts;
  readonly router: Router;
  readonly pages: Pages;
  readonly relay: Relay;
  readonly visits: Visits;
  readonly viewers: Record<ViewerSurface, Pages>;
  /** Who may show apps in a frame, as the sources of `frame-ancestors`. */
  readonly frameAncestors: string;
}

/** The only door: every request and every upgrade comes in here. `door` is asked each time, because the port is known only after listening. */
export function createFrontDoor(door: () => FrontDoor, tls?: SecureContextOptions): Server {
  const options = {
    ...relayServerOptions,
    keepAliveTimeout: 65_000,
    highWaterMark: 262_144,
    requireHostHeader: false, // refused below, in our own words
    handshakeTimeout: 10_000, // of TLS, where we speak it
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse) =>
    void serve(door(), request, response);
  const server = tls ? createTlsServer({ ...options, ...tls }, onRequest) : createServer(options, onRequest);
  // Beyond this many, Node would drop headers without a word; the relay refuses more than it reads.
  server.maxHeadersCount = defaultLimits.headerCount + 1;
  server.on("checkContinue", onRequest);
  server.on("clientError", (error, socket) => refuse(door, error, socket));
  server.on("upgrade", (request, socket, head) => void serveUpgrade(door(), request, socket, head));
  return server;
}

async function serve(door: FrontDoor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { ctx } = door;
  const exchange = newExchange(request, ctx);
  watch(door, request, response, exchange);
  if (!isClear(request)) {
    response.shouldKeepAlive = false;
    const said = "The request does not say clearly where its body ends.";
    answerError(ctx, exchange, response, new AppError("bad_request", said));
    return;
  }
  const host = door.hosts(request.headers.host);
  if (host?.kind === "app") {
    await serveApp(door, host, request, response, exchange);
    return;
  }
  setPolicy(response);
  response.setHeader("x-request-id", exchange.id);
  try {
    if (host === undefined) {
      response.shouldKeepAlive = false;
      throw new AppError("misdirected", "This gateway does not answer for that host.");
    }
    const { origin } = host;
    const { path, query } = parseTarget(request.url);
    const match = door.router(request.method ?? "", path);
    if (match.kind === "route") {
      exchange.origin = origin;
      await serveApi(door, match.route, match.params, query, request, response, exchange);
      return;
    }
    // Nothing here reads a body, and one that was not called for may come or not.
    if (request.headers.expect !== undefined) response.shouldKeepAlive = false;
    if (match.kind === "none" && (await serveOpen(door, origin, path, query, request, response, exchange)))
      return;
    if (match.kind === "none" && isRead(request) && (await door.pages(path, request, response))) {
      exchange.route = "page";
      return;
    }
    throw match.kind === "method"
      ? new AppError("method_not_allowed", `This path does not take ${request.method ?? "that method"}.`, {
          details: { allow: match.allow.join(", ") },
        })
      : new AppError("not_found", "There is nothing at this path.");
  } catch (error) {
    answerError(ctx, exchange, response, error);
  }
}

const isRead = ({ method }: IncomingMessage) => method === "GET" || method === "HEAD";

/** Ends the work when the caller goes away, and writes the request's one line when all is over. */
function watch(
  { ctx }: FrontDoor,
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
): void {
  const started = performance.now();
  const before = request.socket.bytesWritten;
  if (hasBody(request)) response.once("finish", () => linger(response));
  response.once("close", () => {
    exchange.open?.[Symbol.dispose]();
    const whole = response.writableFinished;
    if (!whole) exchange.abort.abort(new DOMException("The caller went away.", "AbortError"));
    const ms = performance.now() - started;
    const status = whole || exchange.error !== undefined ? response.statusCode : 499;
    ctx.metrics.request(exchange.route, status, ms);
    // An app's page loads a hundred files.
    const level = exchange.route.startsWith("app.") ? "debug" : "info";
    if (!ctx.log.isLevelEnabled(level)) return;
    const { id, route, actor, error, failure } = exchange;
    ctx.log[level](
      {
        request: id,
        method: request.method,
        route,
        status,
        ms: Math.round(ms * 10) / 10,
        bytes: request.socket.bytesWritten - before,
        ...(actor !== nobody && { actor: actor.user.name, credential: actor.credential }),
        ...(error && { error: error.code }),
        ...(failure !== undefined && { failure }),
      },
      "request",
    );
  });
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;

/** What is not HTTP, or too much of it, never becomes a request. */
function refuse(
  door: () => FrontDoor,
  error: NodeJS.ErrnoException & { rawPacket?: Buffer },
  socket: NodeJS.WritableStream & { destroy(): void; servername?: string | false },
): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const tooLarge = error.code === "HPE_HEADER_OVERFLOW";
  const [status, known] = tooLarge
    ? ["431 Request Header Fields Too Large", new AppError("bad_request", "The headers are too large.")]
    : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? ["408 Request Timeout", new AppError("request_timeout", "The request did not arrive in time.")]
      : ["400 Bad Request", new AppError("bad_request", "That is not a valid HTTP request.")];
  const body = JSON.stringify(errorBody(known, newRequestId()));
  const { hosts, ctx } = door();
  const asked = { packet: error.rawPacket, servername: socket.servername || undefined };
  const forget = tooLarge && forgetsCookies(asked, hosts, ctx.config);
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `${forget ? 'clear-site-data: "cookies"\r\n' : ""}connection: close\r\n\r\n${body}`,
  );
}
