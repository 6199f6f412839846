import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { http } from "./lib/builtin.ts";
import { sendJson, type Exchange } from "./lib/exchange.ts";
import { logError } from "./lib/log.ts";
import { Problem, problemOf } from "./lib/problem.ts";
import { tidySoon } from "./lib/tidy.ts";
import { findHandler } from "./routes.ts";
import type { DaemonFailure } from "#contract/daemon.ts";

export interface ServerOptions {
  isAllowed: (authorization: string | undefined) => boolean;
}

/** A path of 4096 characters can be three times as long in UTF-8, and again in percent-encoding. */
const maxHeaderSize = 65_536;

export function createServer({ isAllowed }: ServerOptions): Server {
  const server = http.createServer(
    { maxHeaderSize, keepAlive: true, keepAliveInitialDelay: 60_000, noDelay: true },
    (req, res) => {
      void answer(req, res, isAllowed);
    },
  );
  server.headersTimeout = 10_000;
  server.requestTimeout = 0; // an upload may take hours
  server.keepAliveTimeout = 0; // the gateway closes what it does not need; one that went away is found by TCP's keep-alive
  server.on("upgrade", (req, socket: Socket, head) => {
    socket.on("error", () => socket.destroy());
    if (!isAllowed(req.headers.authorization)) {
      refuse(socket, 401, { code: "unauthenticated", message: "The daemon wants its token." });
      return;
    }
    void upgrade(req, socket, head);
  });
  return server;
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  isAllowed: ServerOptions["isAllowed"],
): Promise<void> {
  res.on("error", () => undefined); // the client went away; `close` tells those who care
  res.once("close", tidySoon);
  try {
    if (!isAllowed(req.headers.authorization)) {
      res.setHeader("connection", "close");
      fail(res, 401, { code: "unauthenticated", message: "The daemon's token is missing or wrong." });
      return;
    }
    const { exchange, handler } = locate(req, res);
    await handler(exchange);
  } catch (error) {
    settle(req, res, error);
  }
}

function locate(req: IncomingMessage, res: ServerResponse) {
  const [path = "", search] = (req.url ?? "").split("?", 2);
  const found = findHandler(req.method ?? "", path);
  if (!found) throw new Problem("not_found", "The daemon knows no such request.");
  const exchange: Exchange = { req, res, query: new URLSearchParams(search), id: found.id };
  return { exchange, handler: found.handler };
}

function settle(req: IncomingMessage, res: ServerResponse, error: unknown): void {
  if (res.destroyed || req.socket.destroyed) return;
  const problem = problemOf(error);
  if (!problem) logError(`${req.method ?? ""} ${req.url?.split("?", 1)[0] ?? ""} failed`, error);
  if (res.headersSent) return void res.destroy(); // cut off, so that it is not taken for the whole
  // Node reads and drops what is left of the body: closing here could cost the client the answer.
  const failure = problem ?? { code: "internal", message: "The daemon failed; its log says why." };
  fail(res, problem ? 422 : 500, { code: failure.code, message: failure.message });
}

function fail(res: ServerResponse, status: number, failure: DaemonFailure): void {
  sendJson(res, failure, status);
}

async function upgrade(req: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
  const [path = "", search] = (req.url ?? "").split("?", 2);
  const [, area, id, verb] = path.split("/", 5);
  try {
    if (area === "terminals" && id !== undefined && verb === "ws") {
      const { connectTerminal } = await import("./terminals/connect.ts");
      connectTerminal(id, new URLSearchParams(search), req, socket, head);
    } else if (area === "services" && id !== undefined && verb === "connect") {
      const { connectService } = await import("./services/services.ts");
      connectService(id, socket, head);
    } else throw new Problem("not_found", "The daemon knows no such request.");
  } catch (error) {
    const problem = problemOf(error);
    if (!problem) logError("An upgrade failed", error);
    if (problem) refuse(socket, 404, { code: problem.code, message: problem.message });
    else refuse(socket, 500, { code: "internal", message: "The daemon failed; its log says why." });
  }
}

function refuse(socket: Socket, status: 401 | 404 | 500, failure: DaemonFailure): void {
  const body = JSON.stringify(failure);
  socket.end(
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
