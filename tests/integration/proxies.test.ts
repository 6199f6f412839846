import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openAppHouse, type AppHouse } from "../../server/gateway/apps/testing/app-house.ts";
import { makeCertificate } from "../support/certificate.ts";
import { freePort } from "../support/free-port.ts";
import { startProxy, type ReverseProxy } from "../support/reverse-proxy.ts";
import { createVisitor, type Visitor } from "../support/visitor.ts";

const dashboard = "ghost.test";
const appsDomain = "caves.example";
const megabyte = 2 ** 20;

/** What the app in the cave has received, and what it is told to do next. */
interface Inside {
  received: number;
  headers: IncomingMessage["headers"];
  say: (text: string) => void;
}

function appWith(inside: Inside): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    inside.headers = request.headers;
    if (request.url === "/events") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: first\n\n");
      inside.say = (text) => void response.write(`data: ${text}\n\n`);
    } else if (request.method === "PUT") {
      inside.received = 0;
      request.on("data", (chunk: Buffer) => (inside.received += chunk.length));
      request.on("end", () => response.end(String(inside.received)));
    } else {
      response.end(`hello from ${request.url ?? ""}`);
    }
  };
}

/** The documented configurations, in front of a whole gateway whose apps are on another site than its dashboard. */
describe.each(["nginx", "caddy"] as const)("behind %s", (kind) => {
  const inside: Inside = { received: 0, headers: {}, say: () => undefined };
  let folder: string;
  let proxy: ReverseProxy;
  let house: AppHouse;
  let url: string;
  let ca: string;
  let port: number;
  let visitor: Visitor;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ghost-proxies-"));
    const certificate = await makeCertificate(folder, [dashboard, `*.${appsDomain}`]);
    ({ ca } = certificate);
    port = await freePort();
    url = `https://${dashboard}:${port}`;
    house = await openAppHouse({
      app: appWith(inside),
      env: { GHOST_URL: url, GHOST_APPS_DOMAIN: appsDomain, GHOST_TRUSTED_PROXIES: "127.0.0.1" },
    });
    proxy = await startProxy(kind, { port, gateway: house.ghost.port, certificate, dashboard, appsDomain });
    visitor = createVisitor({ port, ca, from: "127.0.0.2" });
    await vi.waitFor(
      async () => {
        const { status } = await visitor.get(`${url}/health`).catch(() => ({ status: proxy.log() }));
        expect(status).toBe(200);
      },
      { timeout: 20_000 },
    );
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await house[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** As a browser that is signed in gets to an app. */
  async function enter(surface: string): Promise<{ origin: string; cookie: string }> {
    const session = await house.signIn();
    const led = await visitor.get(`${url}/open/${surface}/den`, { cookie: session });
    const { origin } = new URL(led.headers.location ?? "");
    const entered = await visitor.get(led.headers.location ?? "");
    return { origin, cookie: entered.headers["set-cookie"]?.[0]?.split(";")[0] ?? "" };
  }

  it("signs in on the dashboard's site, and leads to apps on theirs", async () => {
    const session = await house.signIn();
    const me = await visitor.get(`${url}/v1/me`, { cookie: session });
    expect([me.status, JSON.parse(me.body)]).toMatchObject([200, { user: { name: "admin" } }]);
    const led = await visitor.get(`${url}/open/3000/den`, { cookie: session });
    expect(led.headers.location).toMatch(
      new RegExp(`^https://3000--cave-[a-z0-9]+\\.${appsDomain}:${port}/`),
    );
    const stranger = await visitor.get(`${new URL(led.headers.location ?? "").origin}/page`, {
      "sec-fetch-mode": "navigate",
    });
    expect(stranger.headers.location).toMatch(new RegExp(`^${url}/open/3000/cave-`));
    const { origin, cookie } = await enter("3000");
    expect(cookie).toMatch(/^__Host-ghost_app=/);
    const page = await visitor.get(`${origin}/a//b?c=%2f`, { cookie });
    expect([page.status, page.body]).toEqual([200, "hello from /a//b?c=%2f"]);
    expect(page.headers["content-security-policy"]).toBe(`frame-ancestors 'self' ${url}`);
  });

  it("changes things from the dashboard's own pages only", async () => {
    const cookie = await house.signIn();
    const from = (origin: string) =>
      visitor.get(`${url}/v1/session`, { cookie, origin, "sec-fetch-site": "same-origin" }, "DELETE");
    const { origin } = await enter("3000");
    expect((await visitor.get(`${url}/v1/session`, { cookie, origin }, "DELETE")).status).toBe(403);
    expect((await from(url)).status).toBe(204);
  });

  it("believes the proxy about where a caller is, and nobody else", async () => {
    const { origin, cookie } = await enter("3000");
    const forged = { "x-forwarded-for": "6.6.6.6", "x-real-ip": "6.6.6.6", forwarded: "for=6.6.6.6" };
    await visitor.get(`${origin}/`, { cookie, ...forged });
    expect(inside.headers["x-forwarded-for"]).toBe("127.0.0.2");
    expect(JSON.stringify(inside.headers)).not.toContain("6.6.6.6");
    const past = createVisitor({ port: house.ghost.port, from: "127.0.0.3" });
    await past.get(origin.replace("https:", "http:") + "/", { cookie, ...forged });
    expect(inside.headers["x-forwarded-for"]).toBe("127.0.0.3");
  });

  it("passes WebSockets", async () => {
    const { origin, cookie } = await enter("3000");
    const { status, socket } = await visitor.socket(`${origin}/`, { cookie, origin });
    expect(status).toBe(101);
    const echoed = once(socket, "message");
    socket.send("through the proxy");
    expect(String((await echoed)[0])).toBe("through the proxy");
    const closed = once(socket, "close");
    socket.close(4321, "bye");
    expect((await closed)[0]).toBe(4321);
    expect((await visitor.socket(`${origin}/`, { cookie, origin: url })).status).toBe(403);
  });

  it("passes events one by one, as they come", async () => {
    const { origin, cookie } = await enter("3000");
    const asking = visitor.request(`${origin}/events`, { cookie });
    asking.on("error", () => undefined).end();
    const [response] = (await once(asking, "response")) as [IncomingMessage];
    let text = "";
    response.setEncoding("utf8").on("data", (part: string) => (text += part));
    await expect.poll(() => text).toBe("data: first\n\n");
    inside.say("second");
    await expect.poll(() => text).toBe("data: first\n\ndata: second\n\n");
    asking.destroy();
    // Nothing goes on in the cave for somebody who has gone.
    await expect.poll(() => house.ghost.ctx.ongoing.size, { timeout: 10_000 }).toBe(0);
  });

  it("passes a large upload on as it comes, and keeps none of it", async () => {
    const { origin, cookie } = await enter("3000");
    const size = 16 * megabyte;
    const asking = visitor.request(`${origin}/up`, { cookie, "content-length": String(size) }, "PUT");
    const half = Buffer.alloc(size / 2, "x");
    asking.write(half);
    // The app has the first half before the second is sent.
    await expect.poll(() => inside.received, { timeout: 15_000 }).toBe(half.length);
    for (const temporary of ["body", "proxy"])
      expect(await readdir(join(proxy.folder, temporary))).toEqual([]);
    asking.end(half);
    const [response] = (await once(asking, "response")) as [IncomingMessage];
    let body = "";
    for await (const part of response.setEncoding("utf8")) body += String(part);
    expect(body).toBe(String(size));
  });

  it("serves browsers that speak HTTP/2", async () => {
    const { origin, cookie } = await enter("3000");
    const session = connectHttp2(`https://127.0.0.1:${port}`, { ca, servername: new URL(origin).hostname });
    const stream = session.request({ ":path": "/two", ":authority": new URL(origin).host, cookie });
    const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
    let body = "";
    for await (const part of stream.setEncoding("utf8")) body += String(part);
    expect([headers[":status"], body]).toEqual([200, "hello from /two"]);
    session.close();
  });

  it("answers for no other host", async () => {
    const other = await visitor.get(`${url}/health`, { host: `evil.example:${port}` });
    expect(other.body).not.toContain("healthy");
  });
});
