import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { startTestServer, type TestServer } from "../../tests/support/test-server.ts";
import { issueSignInUrl } from "../auth/sign-in.ts";

const terminal = "term-aaaaaaaaaaaaaaaa";
/** Stands for the daemon: answers every message with itself, and remembers what it was asked. */
const daemon = createServer();
const sockets = new WebSocketServer({ server: daemon });
let asked: { url: string | undefined; headers: NodeJS.Dict<string | string[]> };
sockets.on("connection", (socket, request) => {
  asked = { url: request.url, headers: request.headers };
  socket.on("message", (data, binary) => socket.send(data, { binary }));
  socket.send("hello");
});

let ghost: TestServer;
beforeAll(async () => {
  daemon.listen(0, "127.0.0.1");
  await once(daemon, "listening");
  ghost = await startTestServer({
    inside: {
      connectTerminal: async (id, { since }) => {
        const socket = connect((daemon.address() as AddressInfo).port, "127.0.0.1");
        await once(socket, "connect");
        return {
          socket,
          path: `/terminals/${id}/ws${since === undefined ? "" : `?since=${since}`}`,
          headers: { authorization: "Bearer of-the-daemon" },
        };
      },
    },
  });
  await ghost.client.caves.create({ body: { name: "den", image: "plain" } });
});
afterAll(async () => {
  await ghost[Symbol.asyncDispose]();
  sockets.close();
  daemon.closeAllConnections();
  daemon.close();
});

function open(headers: Record<string, string>, query = "", cave = "den"): WebSocket {
  return new WebSocket(
    `${ghost.url.replace("http", "ws")}/v1/caves/${cave}/terminals/${terminal}/ws${query}`,
    { headers },
  );
}

async function statusOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.once("open", () => {
      resolve(101);
      socket.terminate();
    });
    socket.once("unexpected-response", (_, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.once("error", () => resolve(0));
  });
}

const bearer = (token = ghost.token) => ({ authorization: `Bearer ${token}` });

async function cookie(): Promise<string> {
  const user = await ghost.ctx.store.accounts.find("admin");
  const ticket = new URLSearchParams(
    new URL(await issueSignInUrl(ghost.ctx, user?.id ?? "")).hash.slice(1),
  ).get("ticket");
  const response = await fetch(`${ghost.url}/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ticket }),
  });
  return response.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
}

it("passes messages both ways, and no credential of ours inward", async () => {
  const socket = open({ ...bearer(), cookie: "a=b", "x-forwarded-for": "1.2.3.4" }, "?since=7");
  expect(String((await once(socket, "message"))[0])).toBe("hello");
  expect(asked.url).toBe(`/terminals/${terminal}/ws?since=7`);
  expect(asked.headers["authorization"]).toBe("Bearer of-the-daemon");
  expect(Object.keys(asked.headers).sort()).toEqual(
    ["authorization", "connection", "host", "sec-websocket-key", "sec-websocket-version", "upgrade"].sort(),
  );
  const large = Buffer.alloc(3_000_000, 7);
  socket.send(large);
  const [echo] = (await once(socket, "message")) as [Buffer];
  expect(echo.equals(large)).toBe(true);
  socket.close();
  await once(socket, "close");
  await vi.waitFor(() => expect(sockets.clients.size).toBe(0));
});

it("ends both ends together", async () => {
  const socket = open(bearer());
  await once(socket, "message");
  for (const client of sockets.clients) client.terminate();
  await once(socket, "close");
  const other = open(bearer());
  await once(other, "message");
  other.terminate();
  await vi.waitFor(() => expect(sockets.clients.size).toBe(0));
  expect(ghost.ctx.ongoing.size).toBe(0);
});

it("refuses strangers, wrong scopes, and what is no terminal", async () => {
  expect(await statusOf(open({}))).toBe(401);
  expect(await statusOf(open(bearer(await ghost.tokenOf("admin", ["caves:read"]))))).toBe(403);
  expect(await statusOf(open(bearer(), "", "nowhere"))).toBe(404);
  expect(await statusOf(open(bearer(), "?since=-1"))).toBe(422);
  expect(
    await statusOf(new WebSocket(`${ghost.url.replace("http", "ws")}/v1/me`, { headers: bearer() })),
  ).toBe(404);
  expect(await statusOf(open({ ...bearer(), host: "evil.example" }))).toBe(421);
});

it("takes a browser's socket from its own origin only", async () => {
  const session = { cookie: await cookie() };
  expect(await statusOf(open({ ...session, origin: ghost.url }))).toBe(101);
  const others = [
    ...[
      "https://evil.example",
      "null",
      "",
      `${ghost.url}.evil.example`,
      ghost.url.replace("http:", "https:"),
    ],
    ...[
      `http://localhost:${ghost.port}`,
      `http://3000--den.localhost:${ghost.port}`,
      `${ghost.url}/`,
      ghost.url.toUpperCase(),
    ],
    ...[
      "http://127.0.0.1",
      `http://127.0.0.1:${ghost.port}@evil.example`,
      `http://x.127.0.0.1:${ghost.port}`,
      "file://",
    ],
  ];
  for (const origin of others) {
    expect([origin, await statusOf(open({ ...session, origin }))]).toEqual([origin, 403]);
    expect([origin, await statusOf(open({ ...bearer(), origin }))]).toEqual([origin, 403]);
  }
  expect(await statusOf(open(session))).toBe(403);
});

it("closes with the token that opened it", async () => {
  const made = await ghost.client.accounts.createToken({ body: { name: "t", scopes: ["caves:exec"] } });
  const socket = open(bearer(made.secret));
  await once(socket, "message");
  const closed = once(socket, "close");
  await ghost.client.accounts.revokeToken({ params: { id: made.id } });
  await closed;
  expect(await statusOf(open(bearer(made.secret)))).toBe(401);
});

it("says so when the cave does not take the connection", async () => {
  const refuse = (_: unknown, done: (ok: boolean, code: number) => void) => done(false, 404);
  sockets.options.verifyClient = refuse;
  expect(await statusOf(open(bearer()))).toBe(502);
  delete sockets.options.verifyClient;
  expect(await statusOf(open(bearer()))).toBe(101);
});
