import type { Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { startMemoryGateway, type MemoryGateway } from "../../tests/support/memory-gateway-process.ts";
import { openHttpTarget, openRawTarget, type RawTarget } from "./relay/testing/front.ts";
import { brokenAnswers, refusedAnswers } from "./relay/testing/hostile-answers.ts";
import { ambiguousRequests, smuggledBy, targetsThatNameHosts } from "./relay/testing/hostile-requests.ts";
import { rawClient, rawRequest, type RawClient } from "./relay/testing/raw-client.ts";

/** What two well-behaved apps in two caves were asked. */
const seen: { cave: string; url: string; headers: Record<string, unknown>; body: string }[] = [];
const megabyte = 2 ** 20;

let ghost: MemoryGateway;
let hostile: RawTarget;
const servers: Server[] = [];

/** Answers `/<n>` with the n-th answer of the corpus, and an Upgrade with whatever its path says. */
async function openHostile(): Promise<RawTarget> {
  const answers = [
    ...refusedAnswers.map(([, pieces]) => ({ pieces, after: "end" })),
    ...brokenAnswers.map(([, pieces, after]) => ({ pieces, after })),
  ];
  return openRawTarget((socket) => {
    socket.once("data", (chunk: Buffer) => {
      const path = /^\w+ \/(\S*)/.exec(chunk.toString("latin1"))?.[1] ?? "";
      if (path === "silent") return;
      if (path === "reset") socket.resetAndDestroy();
      else if (path === "endless") {
        const go = () => {
          while (!socket.destroyed && socket.write(`A: ${"x".repeat(1_000)}\r\n`));
        };
        socket.write("HTTP/1.1 200 OK\r\n");
        socket.on("drain", go);
        go();
      } else if (path === "trailer") {
        socket.end(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Evil\r\n\r\n2\r\nhi\r\n0\r\nEvil: 1\r\n\r\n",
        );
      } else {
        const { pieces = [], after = "end" } = answers[Number(path)] ?? {};
        for (const piece of pieces)
          socket.write(typeof piece === "string" ? Buffer.from(piece, "latin1") : piece);
        if (after === "reset") socket.write("", () => socket.resetAndDestroy());
        else socket.end();
      }
    });
  });
}

beforeAll(async () => {
  const open = async (cave: string) => {
    const target = await openHttpTarget((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString("latin1")));
      request.on("end", () => {
        seen.push({ cave, url: request.url ?? "", headers: request.headers, body });
        response.end(`answer of ${cave}`);
      });
    });
    servers.push(target.server);
    new WebSocketServer({ server: target.server }).on("connection", (socket) =>
      socket.on("message", (data) => socket.send(data)),
    );
    return target.port;
  };
  hostile = await openHostile();
  ghost = await startMemoryGateway({
    mine: await open("mine"),
    other: await open("other"),
    evil: hostile.port,
  });
});
afterAll(async () => {
  await ghost[Symbol.asyncDispose]();
  await hostile[Symbol.asyncDispose]();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

const linesOf = (cave: string) =>
  Object.entries(ghost.caves[cave] ?? {})
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
const hostOf = (cave: string) => `Host: ${ghost.caves[cave]?.["Host"] ?? ""}\r\n`;
const ask = (request: string) => rawRequest(ghost.port, request);
const get = (path: string, cave: string, more = "") =>
  ask(`GET ${path} HTTP/1.1\r\n${linesOf(cave)}${more}Connection: close\r\n\r\n`);
const handshake =
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

/** Every hostile answer once, as an answer to a GET, a POST and an Upgrade. */
async function meetAllAnswers(): Promise<void> {
  const paths = [...refusedAnswers, ...brokenAnswers].map((_, at) => `/${at}`);
  for (const path of [...paths, "/reset", "/endless", "/trailer"]) {
    const [got, posted, upgraded] = await Promise.all([
      get(path, "evil"),
      ask(`POST ${path} HTTP/1.1\r\n${linesOf("evil")}Connection: close\r\nContent-Length: 2\r\n\r\nhi`),
      ask(`GET ${path} HTTP/1.1\r\n${linesOf("evil")}${handshake}`),
    ]);
    for (const answer of [got, posted, upgraded]) {
      expect(answer).toMatch(/^(HTTP\/1\.1 102 Processing\r\n\r\n)*(HTTP\/1\.1 (200|502|424|101) |$)/);
      expect(answer).not.toMatch(/^Evil:/m);
    }
  }
}

/** Every ambiguous request once. None of them may be two, or reach anybody else. */
async function sendAllRequests(): Promise<void> {
  seen.length = 0;
  const mine = linesOf("mine");
  for (const target of targetsThatNameHosts)
    expect(await ask(`GET ${target} HTTP/1.1\r\n${mine}Connection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 4/);
  const absolute = `GET http://${ghost.caves["other"]?.["Host"] ?? ""}/ HTTP/1.1\r\n${mine}Connection: close\r\n\r\n`;
  expect(await ask(absolute)).toMatch(/^HTTP\/1\.1 400 /);
  for (const [name, request] of ambiguousRequests(mine, hostOf("other"))) {
    expect(await ask(request), name).toMatch(/HTTP\/1\.1 (4\d\d|501) /);
    // Whatever was sent on has arrived before this.
    expect(await get("/after", "mine"), name).toContain("answer of mine");
    const reached = seen.filter(({ cave, url }) => cave === "other" || url === "/smuggled");
    expect(reached, name).toEqual([]);
  }
}

describe("through the front door", () => {
  it("a chunked DELETE is one request, and what it carries is none", async () => {
    seen.length = 0;
    const inner = `GET /inner HTTP/1.1\r\n${linesOf("other")}\r\n`;
    const chunk = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`;
    const head = `DELETE /outer HTTP/1.1\r\n${linesOf("mine")}Transfer-Encoding: chunked\r\n\r\n`;
    await ask(head + chunk + smuggledBy(linesOf("mine")));
    expect(seen).toMatchObject([
      { cave: "mine", url: "/outer", body: inner },
      { cave: "mine", url: "/smuggled" },
    ]);
  });

  it("nobody chooses where a request goes, or from where it comes, but by its one Host", async () => {
    seen.length = 0;
    const other = ghost.caves["other"]?.["Host"] ?? "";
    const spoof =
      `X-Forwarded-Host: ${other}\r\nForwarded: host=${other};for=6.6.6.6\r\nX-Host: ${other}\r\n` +
      "X-Forwarded-For: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\nX-Original-URL: /x\r\nX-Forwarded-Proto: https\r\n";
    expect(await get("/", "mine", spoof)).toContain("answer of mine");
    expect(seen).toMatchObject([{ cave: "mine", url: "/", headers: { "x-forwarded-for": "127.0.0.1" } }]);
    expect(JSON.stringify(seen)).not.toMatch(/6\.6\.6\.6|ghost_app/);
    for (const host of [
      `${other}.evil.example`,
      `evil.example`,
      `x@${other}`,
      `${other}, ${other}`,
      `${other}:80`,
    ])
      expect(await ask(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toMatch(/ 421 /);
    // One cave's cookie at another's host.
    const crossed = `${hostOf("other")}Cookie: ${ghost.caves["mine"]?.["Cookie"] ?? ""}\r\n`;
    expect(await ask(`GET / HTTP/1.1\r\n${crossed}Connection: close\r\n\r\n`)).toMatch(/ 401 /);
    expect(seen).toHaveLength(1);
  });

  it("a request may come byte by byte, and its target says whether it wants the body", async () => {
    seen.length = 0;
    using slow = await rawClient(ghost.port);
    const head = `POST /slow HTTP/1.1\r\n${linesOf("mine")}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
    for (const byte of `${head}3\r\nabc\r\n0\r\n\r\n`)
      await new Promise<void>((resolve) => slow.socket.write(byte, () => setImmediate(resolve)));
    expect(await slow.end()).toContain("answer of mine");
    using asking = await rawClient(ghost.port);
    const expecting = "Expect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n\r\n";
    asking.send(`PUT /expected HTTP/1.1\r\n${linesOf("mine")}${expecting}`);
    await asking.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    asking.send("body");
    expect(await asking.end()).toContain("answer of mine");
    expect(seen).toMatchObject([
      { url: "/slow", body: "abc" },
      { url: "/expected", body: "body" },
    ]);
  });

  it("a cookie bomb on an app's host is defused there, and signs nobody out of the dashboard", async () => {
    const bomb = `Cookie: ${Array.from({ length: 60 }, (_, i) => `bomb${i}=${"x".repeat(1_000)}`).join("; ")}\r\n`;
    const at = (host: string) => ask(`GET / HTTP/1.1\r\n${host}${bomb}Connection: close\r\n\r\n`);
    // What is too large is refused with the bytes that were read last: on a busy machine those are not always all of them.
    await expect.poll(() => at(hostOf("mine"))).toMatch(/^HTTP\/1\.1 431 [^]*clear-site-data: "cookies"\r\n/);
    const others = [
      `Host: localhost:${ghost.port}\r\n`,
      `Host: evil.example\r\n`,
      "",
      hostOf("mine") + hostOf("mine"),
    ];
    for (const host of [...others, `Host: localhost:${ghost.port}\r\nX: ${hostOf("mine")}`]) {
      const answer = await at(host);
      expect(answer).toMatch(/^HTTP\/1\.1 431 /);
      expect(answer).not.toMatch(/clear-site-data/i);
    }
  });

  it("nothing costs the gateway its life, its files or its memory", async () => {
    await meetAllAnswers();
    await sendAllRequests();
    await settled(Number.POSITIVE_INFINITY);
    const before = ghost.usage();

    for (let round = 0; round < 3; round += 1) {
      await meetAllAnswers();
      await sendAllRequests();
    }
    const silent: RawClient[] = [];
    for (let at = 0; at < 500; at += 1) {
      const client = await rawClient(ghost.port);
      client.send(`GET /silent HTTP/1.1\r\n${linesOf("evil")}${handshake}`);
      silent.push(client);
    }
    const loris: RawClient[] = [];
    for (let at = 0; at < 100; at += 1) {
      const client = await rawClient(ghost.port);
      client.send(`GET / HTTP/1.1\r\n${at % 2 === 0 ? linesOf("mine") : ""}X-Never: en`);
      loris.push(client);
    }
    // Upgrades whose client goes away meanwhile.
    for (let at = 0; at < 50; at += 1) {
      using client = await rawClient(ghost.port);
      client.send(`GET /silent HTTP/1.1\r\n${linesOf("evil")}${handshake}`);
      client.socket.resetAndDestroy();
    }
    // Others are served all the while.
    expect(await get("/", "mine")).toContain("answer of mine");
    for (const client of silent) expect(await client.end()).toMatch(/^HTTP\/1\.1 504 /);
    for (const client of loris) expect(await client.end()).toMatch(/^(HTTP\/1\.1 408 |$)/);

    await settled(before.files + 5);
    expect(ghost.ended).toBe(false);
    expect(ghost.usage().rss - before.rss).toBeLessThan(64 * megabyte);
    expect(hostile.sockets.size).toBe(0);
    expect(await get("/", "mine")).toContain("answer of mine");
  }, 120_000);
});

/** No connection to a cave or a client is left, and no more files are open than that. */
async function settled(files: number): Promise<void> {
  const connected = (server: Server) =>
    new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
  const idle = async () => {
    const counts = await Promise.all(servers.map(connected));
    return counts.reduce((sum, count) => sum + count, hostile.sockets.size);
  };
  await expect.poll(idle, { timeout: 20_000 }).toBe(0);
  await expect.poll(() => ghost.usage().files, { timeout: 20_000 }).toBeLessThanOrEqual(files);
}
