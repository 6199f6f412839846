import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import { countOf } from "../lib/exchange.ts";
import { logError } from "../lib/log.ts";
import { findTerminal } from "./terminals.ts";
import { Viewer } from "./viewer.ts";

/** A peer that does not answer a ping for so long is gone, and must not keep the terminal waiting. */
const pingMs = 30_000;

const server = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  maxPayload: 2 ** 20,
  clientTracking: false,
});

export function connectTerminal(
  id: string,
  query: URLSearchParams,
  req: IncomingMessage,
  socket: Socket,
  head: Buffer,
): void {
  const terminal = findTerminal(id);
  const since = countOf(query, "since");
  server.handleUpgrade(req, socket, head, (webSocket) => {
    const viewer = new Viewer(terminal, webSocket);
    webSocket.on("message", (data: RawData, isBinary) => viewer.message(data as Buffer, isBinary));
    webSocket.on("close", () => viewer.detach());
    webSocket.on("error", () => webSocket.terminate());
    watchPeer(webSocket);
    viewer.attach(since).catch((error: unknown) => {
      logError("A viewer could not be attached", error);
      webSocket.terminate();
    });
  });
}

function watchPeer(webSocket: WebSocket): void {
  let alive = true;
  webSocket.on("pong", () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) {
      webSocket.terminate();
      return;
    }
    alive = false;
    webSocket.ping();
  }, pingMs);
  webSocket.once("close", () => clearInterval(timer));
}
