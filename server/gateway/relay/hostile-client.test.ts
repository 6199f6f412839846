import { describe, expect, it, vi } from "vitest";
import { type Front, openFront, openHttpTarget } from "./testing/front.ts";
import { ambiguousRequests, smuggledBy, targetsThatNameHosts } from "./testing/hostile-requests.ts";
import { rawClient, rawRequest } from "./testing/raw-client.ts";

/** Two targets that tell everything they have seen, and a front before both. */
async function openScene(limits = {}) {
  const seen: { target: string; method: string; url: string; host: string; body: string }[] = [];
  const open = (name: string) =>
    openHttpTarget((req, res) => {
      let body = "";
      req.on("data", (chunk: Buffer) => (body += chunk.toString("latin1")));
      req.on("end", () => {
        seen.push({
          target: name,
          method: req.method ?? "",
          url: req.url ?? "",
          host: req.headers.host ?? "",
          body,
        });
        res.end(`answer of ${name}`);
      });
    });
  const mine = await open("mine");
  const other = await open("other");
  const front = await openFront({ mine: { port: mine.port }, other: { port: other.port } }, limits);
  return {
    seen,
    front,
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]();
      await mine[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
    },
  };
}

async function baseline(front: Front): Promise<void> {
  await vi.waitFor(() => {
    expect(front.relay.counts).toMatchObject({ requests: 0, upgrades: 0 });
    expect(front.dialled.size).toBe(front.relay.counts.idle);
    expect(front.clients.size).toBe(0);
  });
}

const host = "Host: mine\r\n";
const smuggled = smuggledBy(host);

describe("a request target", () => {
  it.each(targetsThatNameHosts)("%s is refused and reaches nobody", async (target) => {
    await using scene = await openScene();
    const text = await rawRequest(
      scene.front.port,
      `GET ${target} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(scene.seen).toEqual([]);
    await baseline(scene.front);
  });
});

describe("a request that two readers would end in two places", () => {
  it.each(ambiguousRequests(host, "Host: other\r\n"))("%s", async (_name, request) => {
    await using scene = await openScene();
    const text = await rawRequest(scene.front.port, request);
    expect(text).toMatch(/HTTP\/1\.1 (4\d\d|501) /);
    expect(scene.seen.filter(({ url, target }) => url === "/smuggled" || target === "other")).toEqual([]);
    await baseline(scene.front);
  });

  it("an underscore does not smuggle a length", async () => {
    await using scene = await openScene();
    await rawRequest(
      scene.front.port,
      `POST / HTTP/1.1\r\n${host}Transfer_Encoding: chunked\r\nContent-Length: 5\r\nConnection: close\r\n\r\n0\r\n\r\n`,
    );
    expect(scene.seen.map(({ body }) => body)).toEqual(["0\r\n\r\n"]);
  });

  it.each(["DELETE", "GET", "OPTIONS"])("a chunked %s is one request", async (method) => {
    await using scene = await openScene();
    const inner = "GET /inner HTTP/1.1\r\nHost: other\r\n\r\n";
    const text = await rawRequest(
      scene.front.port,
      `${method} /outer HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n` +
        `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n${smuggled}`,
    );
    expect(text.match(/answer of mine/g)).toHaveLength(2);
    expect(scene.seen).toMatchObject([
      { target: "mine", method, url: "/outer", body: inner },
      { target: "mine", url: "/smuggled" },
    ]);
  });
});

describe("a client", () => {
  it("cannot choose the target by headers of its own", async () => {
    await using scene = await openScene();
    await rawRequest(
      scene.front.port,
      `GET / HTTP/1.1\r\n${host}X-Forwarded-Host: other\r\nForwarded: host=other\r\nX-Original-URL: /x\r\nX-Host: other\r\n` +
        "Connection: close, Host, X-Forwarded-For\r\n\r\n",
    );
    expect(scene.seen).toMatchObject([{ target: "mine", url: "/" }]);
    expect(scene.seen[0]?.host).toMatch(/^localhost:/);
  });

  it("that pipelines gets its answers in order, each from its own target", async () => {
    await using scene = await openScene();
    const one = (name: string, path: string, rest = "") =>
      `GET ${path} HTTP/1.1\r\nHost: ${name}\r\n${rest}\r\n`;
    const text = await rawRequest(
      scene.front.port,
      one("mine", "/1") +
        one("other", "/2") +
        one("mine", "/3") +
        one("other", "/4", "Connection: close\r\n"),
    );
    expect(text.match(/answer of (mine|other)/g)).toEqual([
      "answer of mine",
      "answer of other",
      "answer of mine",
      "answer of other",
    ]);
    await baseline(scene.front);
  });

  it("that pipelines and leaves is forgotten", async () => {
    await using target = await openHttpTarget(() => undefined);
    await using front = await openFront({ app: { port: target.port } });
    using client = await rawClient(front.port);
    client.send(
      "GET / HTTP/1.1\r\nHost: app\r\n\r\nPOST / HTTP/1.1\r\nHost: app\r\nContent-Length: 1\r\n\r\nxGET / HTTP/1.1\r\nHost: app\r\n\r\n",
    );
    await vi.waitFor(() => expect(front.relay.counts.requests).toBe(3));
    client.socket.resetAndDestroy();
    await baseline(front);
  });

  it("may write byte by byte", async () => {
    await using scene = await openScene();
    using client = await rawClient(scene.front.port);
    const request = `POST /slow HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n`;
    for (const byte of request) {
      await new Promise<void>((resolve) => client.socket.write(byte, () => setImmediate(resolve)));
    }
    expect(await client.end()).toContain("answer of mine");
    expect(scene.seen).toMatchObject([{ url: "/slow", body: "abc" }]);
  });

  it("that stops in the middle of its body is let go, and is not told to send it again", async () => {
    await using scene = await openScene({ bodyIdleMs: 100, lingerMs: 100 });
    const text = await rawRequest(
      scene.front.port,
      `POST / HTTP/1.1\r\n${host}Content-Length: 10\r\n\r\nhalf`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 424 [^]*request_stalled/);
    expect(scene.seen).toEqual([]);
    await baseline(scene.front);
  });

  it("with more cookies than fit is told so, and its request reaches nobody", async () => {
    await using scene = await openScene({ headBytes: 4_096 });
    const cookies = Array.from({ length: 500 }, (_, index) => `bomb${index}=xxxxxxxx`).join("; ");
    const text = await rawRequest(scene.front.port, `GET / HTTP/1.1\r\n${host}Cookie: ${cookies}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
    expect(scene.seen).toEqual([]);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "may call a header %s",
    async (name) => {
      await using scene = await openScene();
      const text = await rawRequest(
        scene.front.port,
        `GET / HTTP/1.1\r\n${host}${name}: x\r\nCookie: ${name}=x\r\nConnection: close\r\n\r\n`,
      );
      expect(text).toContain("answer of mine");
    },
  );

  it("may break off at any byte of a request", async () => {
    await using scene = await openScene();
    const request = `POST /cut HTTP/1.1\r\n${host}Content-Length: 20\r\n\r\n01234567890123456789`;
    for (let length = 0; length < request.length; length += 3) {
      using client = await rawClient(scene.front.port);
      client.send(request.slice(0, length));
      if (length % 2 === 0) client.socket.resetAndDestroy();
      else client.socket.end();
      await vi.waitFor(() => expect(client.closed || client.text !== "").toBe(true));
    }
    await baseline(scene.front);
    // The target saw requests that broke off, and none that was completed for it.
    expect(scene.seen).toEqual([]);
  });
});
