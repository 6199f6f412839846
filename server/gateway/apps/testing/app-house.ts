import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
} from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import {
  startTestServer,
  type TestServer,
  type TestServerOptions,
} from "../../../../tests/support/test-server.ts";
import { createVisitor, type Visitor } from "../../../../tests/support/visitor.ts";
import { issueSignInUrl } from "../../../auth/sign-in.ts";
import { createMemoryBackend } from "../../../backends/memory/memory-backend.ts";
import { MemoryWorld } from "../../../backends/memory/world.ts";
import type { Guest } from "../../../guest/guest.ts";
import type { OpenSurface } from "#contract/surfaces.ts";

/** A gateway with caves in memory whose ports 3000 and 8000, and services, all lead to one real HTTP server that tells what it was asked. */
export interface AppHouse extends AsyncDisposable, Pick<Visitor, "get" | "socket"> {
  ghost: TestServer;
  /** What the server in the cave was asked last. */
  asked: () => { url: string; headers: IncomingHttpHeaders } | undefined;
  /** Opens a surface as whoever has the token, and goes in: the cookie. */
  enter(
    cave: string,
    surface: OpenSurface["surface"],
    token?: string,
  ): Promise<{ origin: string; cookie: string }>;
  signIn(): Promise<string>;
}

export interface AppHouseOptions extends Omit<TestServerOptions, "inside"> {
  /** What can be done in the caves besides. */
  more?: Partial<Guest>;
  /** Answers in place of the server that tells what it was asked. */
  app?: RequestListener;
  /** The authority that signed the gateway's certificate. */
  ca?: string;
}

export async function openAppHouse({
  app: answer,
  ca,
  more,
  ...options
}: AppHouseOptions = {}): Promise<AppHouse> {
  await using stack = new AsyncDisposableStack();
  let last: { url: string; headers: IncomingHttpHeaders } | undefined;
  const note = (request: IncomingMessage) => {
    last = { url: request.url ?? "", headers: request.headers };
  };
  const app = createServer((request, response) => {
    note(request);
    if (answer !== undefined) {
      answer(request, response);
      return;
    }
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
        ...more,
      },
      ...options,
    }),
  );
  for (const name of ["den", "lair"])
    await ghost.client.caves.create({ body: { name, image: "ghost/cave" } });

  const { get, socket } = createVisitor({ port: ghost.port, ...(ca !== undefined && { ca }) });
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
    socket,
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
