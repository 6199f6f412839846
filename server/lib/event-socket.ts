import { once } from "node:events";
import { createServer } from "node:http";
import { duplexPair } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import type { GuestSocket } from "../guest/guest.ts";

/** More than this waiting for a slow reader, and no more is taken. */
const highWater = 262_144;

/** A WebSocket that sends each value as a JSON text and closes after the last; what it is sent is ignored. */
export function eventSocket(values: AsyncIterable<unknown>): GuestSocket {
  const [near, far] = duplexPair();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 65_536 });
  const server = createServer();
  server.on("upgrade", (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (opened) => void send(opened, values));
  });
  server.emit("connection", far);
  return { socket: near, path: "/", headers: {} };
}

async function send(socket: WebSocket, values: AsyncIterable<unknown>): Promise<void> {
  const iterator = values[Symbol.asyncIterator]();
  const gone = once(socket, "close").then(() => ({ done: true, value: undefined }) as const);
  socket.on("error", () => socket.terminate());
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), gone]);
      if (next.done === true) break;
      const sent = new Promise<void>((resolve) => socket.send(JSON.stringify(next.value), () => resolve()));
      if (socket.bufferedAmount > highWater) await Promise.race([sent, gone]);
    }
    socket.close(1000);
  } catch {
    socket.close(1011);
  } finally {
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
