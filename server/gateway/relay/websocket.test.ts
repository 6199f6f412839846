import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { type Front, openFront, openHttpTarget, openRawTarget, openScriptedTarget } from "./testing/front.ts";
import { rawClient, rawRequest } from "./testing/raw-client.ts";

const handshake =
  "GET /ws HTTP/1.1\r\nHost: app\r\nconnection: keep-alive, Upgrade\r\nupgrade: WebSocket\r\n" +
  "SEC-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
const switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";

async function echoTarget() {
  const target = await openHttpTarget(undefined);
  const seen: IncomingMessage[] = [];
  const server = new WebSocketServer({ server: target.server, perMessageDeflate: false });
  server.on("connection", (socket, req) => {
    seen.push(req);
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  return {
    port: target.port,
    seen,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      await target[Symbol.asyncDispose]();
    },
  };
}

async function quiet(front: Front): Promise<void> {
  await vi.waitFor(() => {
    expect(front.relay.counts).toMatchObject({ requests: 0, upgrades: 0 });
    expect(front.dialled.size).toBe(0);
    expect(front.clients.size).toBe(0);
  });
}

describe("an Upgrade", () => {
  it("reaches the target with the same headers as a request would", async () => {
    await using target = await echoTarget();
    await using front = await openFront({ app: { port: target.port } });
    const socket = new WebSocket(`ws://127.0.0.1:${front.port}/ws?x=1`, ["one", "two"], {
      headers: {
        host: "app",
        cookie: "__Host-ghost_app=secret; a=1",
        "X-Forwarded-For": "6.6.6.6",
        authorization: "Basic app",
      },
      origin: "http://app",
    });
    await once(socket, "open");
    expect(socket.protocol).toBe("one");
    expect(target.seen[0]?.url).toBe("/ws?x=1");
    expect(target.seen[0]?.headers).toMatchObject({
      host: `localhost:${target.port}`,
      origin: `http://localhost:${target.port}`,
      cookie: "a=1",
      authorization: "Basic app",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": `localhost:${target.port}`,
      connection: "Upgrade",
      upgrade: "websocket",
    });
    socket.close(4001, "bye");
    const [code] = (await once(socket, "close")) as [number];
    expect(code).toBe(4001);
    await quiet(front);
    expect(front.outcomes).toEqual([{ status: 101 }]);
  });

  it("echoes on 200 sockets at once and loses nothing", async () => {
    await using target = await echoTarget();
    await using front = await openFront({ app: { port: target.port } });
    const rounds = 10;
    const results = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const socket = new WebSocket(`ws://127.0.0.1:${front.port}/`, {
          headers: { host: "app" },
          perMessageDeflate: false,
        });
        const got: string[] = [];
        await once(socket, "open");
        const done = new Promise<void>((resolve) => {
          socket.on("message", (data: RawData) => {
            got.push((data as Buffer).toString());
            if (got.length === rounds) resolve();
          });
        });
        for (let round = 0; round < rounds; round++)
          socket.send(`${index}:${round}:${"x".repeat(round * 400)}`);
        await done;
        socket.close();
        return got.every((text, round) => text.startsWith(`${index}:${round}:`)) && got.length === rounds;
      }),
    );
    expect(results.filter(Boolean)).toHaveLength(200);
    await quiet(front);
  });

  it("keeps large messages whole under back-pressure", async () => {
    await using target = await echoTarget();
    await using front = await openFront({ app: { port: target.port } });
    const socket = new WebSocket(`ws://127.0.0.1:${front.port}/`, { headers: { host: "app" } });
    await once(socket, "open");
    const payload = Buffer.alloc(8 << 20, "ghost");
    socket.send(payload);
    const [data] = (await once(socket, "message")) as [Buffer];
    expect(data.equals(payload)).toBe(true);
    socket.terminate();
    await quiet(front);
  });

  it("keeps spelling, and bytes that come with either head", async () => {
    await using target = await openRawTarget((socket) => {
      socket.on("data", (chunk: Buffer) => {
        if (chunk.includes("GET")) {
          socket.write(`${switching}Sec-WebSocket-ACCEPT: x\r\nSet-Cookie: a=1; Domain=x\r\n\r\nhello:`);
        }
        socket.write(chunk);
      });
    });
    await using front = await openFront({ app: { port: target.port } });
    using client = await rawClient(front.port);
    client.send(`${handshake}\r\nearly`);
    const text = await client.until(/hello:[^]*early/);
    expect(text).toMatch(
      /^HTTP\/1\.1 101 [^]*Sec-WebSocket-ACCEPT: x\r\nSet-Cookie: a=1\r\n\r\nhello:GET \/ws/,
    );
    expect(text).toContain("SEC-WebSocket-Key: dGhl");
  });

  it("that is refused gets the target's answer, body and all", async () => {
    const body = "x".repeat(300_000);
    await using target = await openHttpTarget(undefined);
    target.server.on("upgrade", (_req, socket) => {
      socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
    await using front = await openFront({ app: { port: target.port } });
    const text = await rawRequest(front.port, `${handshake}\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 403 Forbidden\r\nContent-Length: 300000\r\nConnection: close\r\n/);
    expect(text.endsWith(body)).toBe(true);
    await quiet(front);
  });

  it.each([
    ["no 101 at all", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", /^HTTP\/1\.1 200 OK/],
    ["a 101 without upgrade", "HTTP/1.1 101 X\r\n\r\n", /^HTTP\/1\.1 502 /],
    ["a 101 to something else", "HTTP/1.1 101 X\r\nUpgrade: h2c\r\n\r\n", /^HTTP\/1\.1 502 /],
    ["a status line that is none", "HTTP/1.1 1O1 X\r\n\r\n", /^HTTP\/1\.1 502 /],
    ["half a head", "HTTP/1.1 101 X\r\nUpgr", /^HTTP\/1\.1 502 /],
    ["nothing", "", /^HTTP\/1\.1 502 /],
  ])("that gets %s leaves nothing behind", async (_name, answer, expected) => {
    await using target = await openScriptedTarget([answer], "end");
    await using front = await openFront({ app: { port: target.port } });
    expect(await rawRequest(front.port, `${handshake}\r\n`)).toMatch(expected);
    await quiet(front);
  });

  it.each([
    [
      "of another kind",
      "GET / HTTP/1.1\r\nHost: app\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n",
      "plain",
    ],
    ["by POST", "POST / HTTP/1.1\r\nHost: app\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "plain"],
  ])("%s is a plain request", async (_name, request, expected) => {
    await using target = await openHttpTarget((req, res) =>
      res.end(
        req.headers.upgrade === undefined && req.headers["http2-settings"] === undefined
          ? "plain"
          : "offered",
      ),
    );
    await using front = await openFront({ app: { port: target.port } });
    using client = await rawClient(front.port);
    client.send(request);
    expect(await client.until(/plain|offered/)).toContain(expected);
  });

  it("with a body is refused", async () => {
    await using target = await echoTarget();
    await using front = await openFront({ app: { port: target.port } });
    expect(await rawRequest(front.port, `${handshake}Content-Length: 5\r\n\r\nhello`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect(target.seen).toHaveLength(0);
    await quiet(front);
  });

  it("behind a request that is still being answered is cut off", async () => {
    await using target = await openHttpTarget(() => undefined);
    await using front = await openFront({ app: { port: target.port } });
    expect(await rawRequest(front.port, `GET /slow HTTP/1.1\r\nHost: app\r\n\r\n${handshake}\r\n`)).toBe("");
    await quiet(front);
  });

  it("is refused beyond a key's share", async () => {
    await using target = await echoTarget();
    await using front = await openFront({ app: { port: target.port } }, { upgradesPerKey: 1 });
    const socket = new WebSocket(`ws://127.0.0.1:${front.port}/`, { headers: { host: "app" } });
    await once(socket, "open");
    expect(await rawRequest(front.port, `${handshake}\r\n`)).toMatch(/^HTTP\/1\.1 503 /);
    socket.terminate();
    await quiet(front);
  });

  it("ends with its client, its target, its cave and its right", async () => {
    await using target = await openRawTarget((socket) => {
      socket.once("data", () => socket.write(`${switching}\r\n`));
    });
    await using front = await openFront({ app: { port: target.port } }, { lingerMs: 100 });
    const open = async () => {
      const client = await rawClient(front.port);
      client.send(`${handshake}\r\n`);
      await client.until(/101 Switching[^]*\r\n\r\n/);
      return client;
    };
    const ends = [
      (client: Awaited<ReturnType<typeof open>>) => client.socket.end(),
      (client: Awaited<ReturnType<typeof open>>) => client.socket.resetAndDestroy(),
      () => target.sockets.forEach((socket) => socket.end()),
      () => target.sockets.forEach((socket) => socket.resetAndDestroy()),
      () => front.relay.drop("app/"),
      () => front.revoke(),
    ];
    for (const end of ends) {
      using client = await open();
      end(client);
      await client.end();
      await quiet(front);
    }
  });

  it("lets what one side said last reach the other", async () => {
    await using target = await openRawTarget((socket) => {
      socket.once("data", () => socket.end(`${switching}\r\n${"x".repeat(1_000_000)}last`));
    });
    await using front = await openFront({ app: { port: target.port } });
    expect(await rawRequest(front.port, `${handshake}\r\n`)).toMatch(/xlast$/);
    await quiet(front);
  });

  it("that nobody answers ends after its time, 500 at once", async () => {
    await using target = await openRawTarget(() => undefined);
    await using front = await openFront({ app: { port: target.port } }, { handshakeMs: 500 });
    const clients = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const client = await rawClient(front.port);
        client.send(`${handshake}\r\n`);
        return client;
      }),
    );
    const answers = await Promise.all(clients.map((client) => client.end()));
    expect(answers.filter((text) => text.startsWith("HTTP/1.1 504 "))).toHaveLength(500);
    await quiet(front);
    await vi.waitFor(() => expect(target.sockets.size).toBe(0));
  });

  it("whose client leaves before the answer is forgotten at once", async () => {
    await using target = await openRawTarget(() => undefined);
    await using front = await openFront({ app: { port: target.port } });
    for (const leave of ["end", "resetAndDestroy"] as const) {
      using client = await rawClient(front.port);
      client.send(`${handshake}\r\n`);
      await vi.waitFor(() => expect(front.dialled.size).toBe(1));
      client.socket[leave]();
      await quiet(front);
    }
  });
});
