import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

// The app in the measurements of the relay. Says its port on stdout.

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

const server = createServer(target);
new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket) => {
  socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
