import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { pino } from "pino";
import { WebSocketServer } from "ws";
import { relayServerOptions } from "../../server/gateway/relay/limits.ts";
import { openRelay } from "../../server/gateway/relay/relay.ts";
import type { RelayTarget } from "../../server/gateway/relay/target.ts";

// One end of the relay's measurements: `target`, or `front <port of the target>`. Says its port on stdout.

const answer = Buffer.alloc(1_024, "x");
const block = Buffer.alloc(1 << 20);

function target(req: IncomingMessage, res: ServerResponse): void {
  if (req.method === "PUT") {
    req.resume();
    req.on("end", () => res.end("done"));
  } else if (req.url === "/large") {
    let left = 1_024;
    res.writeHead(200, { "Content-Length": left * block.length });
    const go = () => {
      while (left > 0) {
        left -= 1;
        if (!res.write(block)) {
          res.once("drain", go);
          return;
        }
      }
      res.end();
    };
    go();
  } else {
    res.writeHead(200, { "Content-Type": "text/plain", "Content-Length": answer.length });
    res.end(answer);
  }
}

function front(port: number) {
  const relay = openRelay({ log: pino({ level: "silent" }) });
  const signal = new AbortController().signal;
  const targetOf = (req: IncomingMessage): RelayTarget => ({
    key: `bench/${port}`,
    host: `localhost:${port}`,
    forwarded: { for: req.socket.remoteAddress ?? "", proto: "http", host: req.headers.host ?? "" },
    dropCookies: (name) => name.startsWith("__Host-ghost"),
    frameAncestors: "'self'",
    async dial() {
      const socket = connect({ port, host: "127.0.0.1" });
      await once(socket, "connect");
      return socket;
    },
  });
  const server = createServer(relayServerOptions, (req, res) => {
    void relay.request(req, res, targetOf(req), signal);
  });
  server.on("upgrade", (req, socket, head) => {
    void relay.upgrade(req, socket, head, targetOf(req), signal);
  });
  return server;
}

const [role, port] = process.argv.slice(2);
const server = role === "front" ? front(Number(port)) : createServer(target);
if (role === "target") {
  new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
}
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
