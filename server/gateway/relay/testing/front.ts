import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server as TcpServer,
  type Socket,
} from "node:net";
import { pino } from "pino";
import { linger } from "../../linger.ts";
import type { Outcome } from "../exchange.ts";
import { type RelayLimits, relayServerOptions } from "../limits.ts";
import { openRelay, type Relay } from "../relay.ts";
import type { RelayTarget } from "../target.ts";

export type TestTarget = Partial<RelayTarget> & { port: number };

export interface Front extends AsyncDisposable {
  port: number;
  server: Server;
  relay: Relay;
  outcomes: Outcome[];
  /** Open sockets of clients. */
  clients: Set<Socket>;
  /** Open sockets to targets. */
  dialled: Set<Socket>;
  /** Ends everything that is under way, as a revoked right would. */
  revoke(): void;
}

/** A server as the gateway's: it routes `Host: <name>` to the target of that name, and asks the relay for the rest. */
export async function openFront(
  targets: Record<string, TestTarget>,
  limits: Partial<RelayLimits> = {},
): Promise<Front> {
  const relay = openRelay({ log: pino({ level: "silent" }), limits });
  const clients = new Set<Socket>();
  const dialled = new Set<Socket>();
  const outcomes: Outcome[] = [];
  const revoked = new AbortController();
  const targetOf = (host: string | undefined, remote: string | undefined): RelayTarget | undefined => {
    const name = host?.split(":")[0] ?? "";
    const target = Object.hasOwn(targets, name) ? targets[name] : undefined;
    if (!target) return undefined;
    return {
      key: `${name}/${target.port}`,
      host: `localhost:${target.port}`,
      forwarded: { for: remote ?? "", proto: "http", host: host ?? "" },
      dropCookies: (cookie) => /^(__(host|secure)-)?ghost/i.test(cookie),
      async dial(signal) {
        const socket = connect({ port: target.port, host: "127.0.0.1" });
        track(dialled, socket);
        const abort = () => socket.destroy(new Error("aborted"));
        signal.addEventListener("abort", abort);
        try {
          await once(socket, "connect");
        } finally {
          signal.removeEventListener("abort", abort);
        }
        return socket;
      },
      ...target,
    };
  };
  const server = createServer(relayServerOptions);
  const onRequest = (req: IncomingMessage, res: ServerResponse) => {
    res.once("finish", () => linger(res));
    const target = targetOf(req.headers.host, req.socket.remoteAddress);
    if (target)
      void relay.request(req, res, target, revoked.signal).then((outcome) => outcomes.push(outcome));
    else res.writeHead(421).end();
  };
  server.on("request", onRequest).on("checkContinue", onRequest);
  server.on("upgrade", (req, socket, head) => {
    const target = targetOf(req.headers.host, req.socket.remoteAddress);
    if (target)
      void relay.upgrade(req, socket, head, target, revoked.signal).then((outcome) => outcomes.push(outcome));
    else socket.destroy();
  });
  server.on("connection", (socket) => track(clients, socket));
  const port = await listen(server);
  return {
    port,
    server,
    relay,
    outcomes,
    clients,
    dialled,
    revoke: () => revoked.abort(),
    async [Symbol.asyncDispose]() {
      await relay[Symbol.asyncDispose]();
      server.closeAllConnections();
      for (const socket of clients) socket.destroy();
      server.close();
    },
  };
}

export interface RawTarget extends AsyncDisposable {
  port: number;
  sockets: Set<Socket>;
  /** How many connections it has ever seen. */
  accepted: number;
}

/** A target that does with each connection whatever the test wants. */
export async function openRawTarget(onSocket: (socket: Socket) => void): Promise<RawTarget> {
  const sockets = new Set<Socket>();
  const server: TcpServer = createTcpServer((socket) => {
    track(sockets, socket);
    target.accepted += 1;
    socket.on("error", () => undefined);
    onSocket(socket);
    // Only a socket that is read sees that the other side has closed.
    socket.resume();
  });
  const target: RawTarget = {
    port: await listen(server),
    sockets,
    accepted: 0,
    [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      return Promise.resolve();
    },
  };
  return target;
}

/** A target that answers each connection's first request with these bytes, in these pieces, and then ends or stays. */
export function openScriptedTarget(
  pieces: readonly (string | Buffer)[],
  after: "end" | "reset" | "stay",
): Promise<RawTarget> {
  return openRawTarget((socket) => {
    socket.once("data", () => {
      for (const piece of pieces)
        socket.write(typeof piece === "string" ? Buffer.from(piece, "latin1") : piece);
      if (after === "end") socket.end();
      else if (after === "reset") socket.write("", () => socket.resetAndDestroy());
    });
  });
}

export async function openHttpTarget(
  handler: Parameters<typeof createServer>[1],
): Promise<{ port: number; server: Server } & AsyncDisposable> {
  const server = handler ? createServer(handler) : createServer();
  const port = await listen(server);
  return {
    port,
    server,
    [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      return Promise.resolve();
    },
  };
}

export async function listen(server: Server | TcpServer): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function track(all: Set<Socket>, socket: Socket): void {
  all.add(socket);
  socket.on("close", () => all.delete(socket));
}
