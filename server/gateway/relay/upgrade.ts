import { type IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Connection } from "./connection.ts";
import { Exchange, type Outcome } from "./exchange.ts";
import { responseHeaders } from "./headers.ts";
import type { Lane, Traveller } from "./lanes.ts";
import { keepAliveMs, type RelayLimits } from "./limits.ts";
import { pair } from "./pair.ts";
import type { ResponseHead } from "./response-head.ts";
import type { RelayTarget } from "./target.ts";

export interface UpgradeOptions {
  lane: Lane;
  limits: RelayLimits;
  req: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  target: RelayTarget;
  signal: AbortSignal;
}

/** An Upgrade is a request until its 101; then its two sockets are joined. An answer that is no 101 reaches the client as any other does. */
export async function upgrade(options: UpgradeOptions): Promise<Outcome> {
  const { lane, limits, req, socket, target, signal } = options;
  if (!(socket instanceof Socket)) throw new TypeError("the relay takes the sockets of a node:http server");
  const early = listenEarly(socket, options.head, limits.headBytes);
  const res = new ServerResponse(req);
  try {
    res.assignSocket(socket);
  } catch {
    // Sent behind a request that is still being answered: two answers would be mixed up on one connection.
    socket.destroy();
    return { status: 0, failure: "bad_request_framing" };
  }
  res.shouldKeepAlive = false;
  const onDrain = () => res.emit("drain");
  socket.on("drain", onDrain);
  res.on("finish", () => socket.end());

  return new Promise((resolve) => {
    new Exchange(
      {
        lane,
        limits,
        req,
        res,
        target,
        signal,
        onSwitch(head, connection) {
          socket.off("drain", onDrain);
          res.detachSocket(socket);
          void tunnel({ ...options, socket }, early.take(), head, connection).then(() =>
            resolve({ status: 101 }),
          );
        },
      },
      resolve,
    ).start();
  });
}

async function tunnel(
  options: UpgradeOptions & { socket: Socket },
  early: Buffer[],
  head: ResponseHead,
  connection: Connection,
): Promise<void> {
  const { lane, limits, socket, target, signal } = options;
  const upstream = connection.detach();
  const destroy = () => {
    socket.destroy();
    upstream.stream.destroy();
  };
  const traveller: Traveller = { kind: "upgrade", slot: -1, cancel: destroy };
  signal.addEventListener("abort", destroy);
  lane.enter(traveller);
  socket.setNoDelay(true).setKeepAlive(true, keepAliveMs);
  for (const chunk of early) upstream.stream.write(chunk);
  socket.write(switchingHead(head, target), "latin1");
  if (upstream.head.length > 0) socket.write(upstream.head);
  let activeAt = 0;
  await pair(socket, upstream.stream, {
    lingerMs: limits.lingerMs,
    onInput() {
      const now = performance.now();
      if (now - activeAt < 1_000) return;
      activeAt = now;
      target.onActivity?.();
    },
  });
  signal.removeEventListener("abort", destroy);
  lane.leave(traveller);
}

function switchingHead(head: ResponseHead, target: RelayTarget): string {
  const headers = responseHeaders({ ...head, contentLength: undefined }, target);
  let text = `HTTP/1.1 101 ${head.reason || "Switching Protocols"}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
  for (let i = 0; i + 1 < headers.length; i += 2) text += `${headers[i] ?? ""}: ${headers[i + 1] ?? ""}\r\n`;
  return `${text}\r\n`;
}

/** Reads on while the handshake is under way, since only a socket that is read tells that its client has gone. Bounded: then it is paused. */
function listenEarly(socket: Duplex, head: Buffer, maxBytes: number): { take: () => Buffer[] } {
  const chunks = head.length > 0 ? [head] : [];
  let bytes = head.length;
  const onData = (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) socket.pause();
  };
  const onEnd = () => socket.destroy();
  const onError = () => socket.destroy();
  socket.on("error", onError);
  socket.on("data", onData);
  socket.on("end", onEnd);
  socket.resume();
  return {
    take() {
      socket.pause();
      socket.off("data", onData).off("end", onEnd);
      return chunks;
    },
  };
}
