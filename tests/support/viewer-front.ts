import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { viewersOutput } from "../../scripts/build-viewers.ts";

const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'";

export interface ViewerFront extends AsyncDisposable {
  readonly port: number;
}

/** A viewer's page and, on the same origin, the API of a gateway in the name of a token: what an app's host is to a browser. */
export async function startViewerFront(name: string, gateway: string, token: string): Promise<ViewerFront> {
  const target = new URL(gateway);
  const onward = ({ headers: { origin: _, host: __, ...headers } }: IncomingMessage) => ({
    ...headers,
    host: target.host,
    authorization: `Bearer ${token}`,
  });
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (path.startsWith("/v1/")) {
      const upstream = httpRequest(
        new URL(path, target),
        { method: request.method, headers: onward(request) },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      upstream.on("error", () => response.destroy());
      request.pipe(upstream);
      return;
    }
    const file = path === "/" ? "index.html" : path.slice(1);
    readFile(join(viewersOutput, name, file)).then(
      (bytes) =>
        response
          .writeHead(200, { "content-type": types[extname(file)] ?? "", "content-security-policy": policy })
          .end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  server.on("upgrade", (request, socket, head) => {
    const upstream = connect(Number(target.port), "127.0.0.1", () => {
      const lines = Object.entries(onward(request)).map(([key, value]) => `${key}: ${String(value)}`);
      upstream.write(`GET ${request.url ?? ""} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const [one, other] of [[socket, upstream] as const, [upstream, socket] as const])
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close().closeAllConnections();
      await closed;
    },
  };
}
