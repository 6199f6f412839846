import { once } from "node:events";
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import {
  startTestServer,
  type TestServer,
  type TestServerOptions,
} from "../../../../tests/support/test-server.ts";
import { issueSignInUrl } from "../../../auth/sign-in.ts";
import { createMemoryBackend } from "../../../backends/memory/memory-backend.ts";
import { MemoryWorld } from "../../../backends/memory/world.ts";
import type { OpenSurface } from "#contract/surfaces.ts";

export interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A gateway with caves in memory whose ports 3000 and 8000, and services, all lead to one real HTTP server that tells what it was asked. */
export interface AppHouse extends AsyncDisposable {
  ghost: TestServer;
  /** What the server in the cave was asked last. */
  asked: () => { url: string; headers: IncomingHttpHeaders } | undefined;
  /** Sends a request to a host of the gateway's. */
  get(url: string, headers?: Record<string, string>, method?: string): Promise<Got>;
  /** Opens a surface as whoever has the token, and goes in: the cookie. */
  enter(
    cave: string,
    surface: OpenSurface["surface"],
    token?: string,
  ): Promise<{ origin: string; cookie: string }>;
  /** The status with which a WebSocket is answered, and the socket if it is 101. */
  socket(url: string, headers?: Record<string, string>): Promise<{ status: number; socket: WebSocket }>;
  signIn(): Promise<string>;
}

export async function openAppHouse(options: TestServerOptions = {}): Promise<AppHouse> {
  await using stack = new AsyncDisposableStack();
  let last: { url: string; headers: IncomingHttpHeaders } | undefined;
  const note = (request: IncomingMessage) => {
    last = { url: request.url ?? "", headers: request.headers };
  };
  const app = createServer((request, response) => {
    note(request);
    response.setHeader("set-cookie", [
      "own=1; Path=/; Domain=localhost",
      "__Host-ghost_app=forged; Path=/; Secure",
    ]);
    if (request.headers.origin !== undefined)
      response.setHeader("access-control-allow-origin", request.headers.origin);
    response.end(`hello from the app at ${request.url ?? ""}`);
  });
  const sockets = new WebSocketServer({ server: app });
  sockets.on("connection", (socket, request) => {
    note(request);
    socket.on("message", (data, binary) => socket.send(data, { binary }));
  });
  app.listen(0, "127.0.0.1");
  await once(app, "listening");
  stack.defer(() => {
    sockets.close();
    app.closeAllConnections();
    app.close();
  });
  const dialApp = () => connect((app.address() as AddressInfo).port, "127.0.0.1");
  const lead = (stream: Duplex) => {
    const upstream = dialApp();
    upstream.on("error", () => stream.destroy());
    stream.on("error", () => upstream.destroy());
    stream.pipe(upstream).pipe(stream);
    stream.once("close", () => upstream.destroy());
    upstream.once("close", () => stream.destroy());
  };
  const ghost = stack.use(
    await startTestServer({
      backend: createMemoryBackend({
        name: "docker",
        world: new MemoryWorld({ ports: { 3000: lead, 8000: lead } }),
      }),
      inside: {
        ports: () => Promise.resolve([{ port: 3000, process: "node", pid: 7, address: "0.0.0.0" }]),
        startService: () => Promise.resolve({ state: "ready", since: new Date().toISOString() }),
        connectService: () => Promise.resolve(dialApp()),
      },
      ...options,
    }),
  );
  for (const name of ["den", "lair"]) await ghost.client.caves.create({ body: { name, image: "plain" } });

  const get: AppHouse["get"] = (url, headers = {}, method = "GET") => {
    const { host, pathname, search } = new URL(url);
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        {
          host: "127.0.0.1",
          port: ghost.port,
          path: pathname + search,
          method,
          headers: { host, ...headers },
          agent: false,
        },
        (response) => {
          let body = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          );
          response.on("error", reject);
        },
      );
      request.on("error", reject);
      request.end();
    });
  };
  const owned = stack.move();
  return {
    ghost,
    asked: () => last,
    get,
    async enter(cave, surface, token = ghost.token) {
      const { url } = await ghost.as(token).surfaces.open({ params: { cave }, body: { surface } });
      const entered = await get(url);
      return { origin: new URL(url).origin, cookie: entered.headers["set-cookie"]?.[0]?.split(";")[0] ?? "" };
    },
    socket(url, headers = {}) {
      const { host, pathname } = new URL(url);
      const socket = new WebSocket(`ws://127.0.0.1:${ghost.port}${pathname}`, {
        headers: { host, ...headers },
      });
      return new Promise((resolve) => {
        socket.once("open", () => resolve({ status: 101, socket }));
        socket.once("unexpected-response", (_, response) => {
          response.resume();
          resolve({ status: response.statusCode ?? 0, socket });
        });
        socket.on("error", () => undefined);
      });
    },
    async signIn() {
      const user = await ghost.ctx.store.accounts.find("admin");
      const ticket = new URL(await issueSignInUrl(ghost.ctx, user?.id ?? "")).hash.slice("#ticket=".length);
      const answer = await fetch(`${ghost.url}/v1/session`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ticket }),
      });
      return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
