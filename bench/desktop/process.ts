import { once } from "node:events";
import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { desktopSocket } from "../../server/gateway/desktop/desktop-socket.ts";

// One end of the desktop's measurements: `source <bytes of an update> <updates>`, `asked <bytes of an update>` or `front <port of the source>`.
// Says its port on stdout.

/** Says what Xvnc says first, and after the viewer's greeting sends updates: as fast as they are taken, or one for each request. */
function source(size: number, count?: number): Server {
  const update = Buffer.alloc(size, "pixels ");
  return createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.write("RFB 003.008\n");
    if (count === undefined) answer(socket, update);
    else socket.once("data", () => void send(socket, update, count));
  });
}

/** After the viewer's greeting of 14 bytes, every 10 are a request. */
function answer(socket: Socket, update: Buffer): void {
  let owed = -14;
  socket.on("data", (chunk: Buffer) => {
    for (owed += chunk.length; owed >= 10; owed -= 10) socket.write(update);
  });
}

async function send(socket: Socket, update: Buffer, count: number): Promise<void> {
  for (let sent = 0; sent < count && !socket.destroyed; sent++) {
    if (!socket.write(update)) await once(socket, "drain").catch(() => undefined);
  }
}

/** The gateway's bridge, without the gateway around it. */
function front(port: number): HttpServer {
  const handle = desktopSocket({
    mode: "control",
    touch: () => undefined,
    guest: {
      async connectService() {
        const socket = connect({ port, host: "127.0.0.1", noDelay: true });
        await once(socket, "connect");
        return socket;
      },
      startService: () => Promise.resolve({ state: "ready", since: "" }),
    },
  });
  const server = createHttpServer({ noDelay: true });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    void handle({ request, socket, head }, new AbortController().signal);
  });
  return server;
}

const [role, first = "", second = ""] = process.argv.slice(2);
const server =
  role === "front"
    ? front(Number(first))
    : source(Number(first), role === "asked" ? undefined : Number(second));
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
