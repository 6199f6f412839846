import { readFile } from "node:fs/promises";
import { createServer, request, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { buildViewers, viewersOutput } from "../../scripts/build-viewers.ts";
import type { GatewayProcess } from "./gateway-process.ts";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
};
/** As strict as a viewer's page can be. */
export const viewerPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'";

export interface AppHost extends AsyncDisposable {
  url(surface: string, cave: string): string;
}

/** Serves a viewer's page at its own host, with the API beside it as its caller. */
export async function openAppHost(ghost: GatewayProcess): Promise<AppHost> {
  await buildViewers();
  const upstream = new URL(ghost.url);
  const headersFor = ({ headers: { origin: _origin, cookie: _cookie, ...headers } }: IncomingMessage) => ({
    ...headers,
    host: upstream.host,
    authorization: `Bearer ${ghost.token}`,
  });
  const server = createServer((req, res) => {
    const path = (req.url ?? "").split("?", 1)[0] ?? "";
    if (path.startsWith("/v1/")) {
      const onward = request(
        {
          host: "127.0.0.1",
          port: upstream.port,
          path: req.url,
          method: req.method,
          headers: headersFor(req),
        },
        (answer) => {
          res.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(res);
        },
      );
      onward.on("error", () => res.destroy());
      req.pipe(onward);
      return;
    }
    const surface = /^(\w+)--/.exec(req.headers.host ?? "")?.[1] ?? "";
    const file = path === "/" ? "index.html" : path.slice(1);
    readFile(join(viewersOutput, surface, file)).then(
      (body) =>
        res
          .writeHead(200, {
            "content-type": types[extname(file)] ?? "application/octet-stream",
            "content-security-policy": viewerPolicy,
          })
          .end(body),
      () => res.writeHead(404).end(),
    );
  });
  server.on("upgrade", (req: IncomingMessage, socket, head) => {
    const onward = connect(Number(upstream.port), "127.0.0.1", () => {
      const lines = Object.entries(headersFor(req)).map(([name, value]) => `${name}: ${String(value)}`);
      onward.write(`GET ${req.url ?? ""} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const)
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: (surface, cave) => `http://${surface}--${cave}.localhost:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
