import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { openFront, openHttpTarget, openRawTarget, openScriptedTarget } from "./testing/front.ts";
import { rawClient, rawRequest } from "./testing/raw-client.ts";

const lines = (text: string) => text.split("\r\n");

async function send(
  port: number,
  options: { path?: string; method?: string; headers?: Record<string, string>; body?: string },
): Promise<{ res: IncomingMessage; body: string }> {
  const req = httpRequest({
    port,
    host: "127.0.0.1",
    path: options.path ?? "/",
    method: options.method ?? "GET",
    headers: { host: "app", ...options.headers },
    agent: false,
  });
  req.end(options.body);
  const [res] = (await once(req, "response")) as [IncomingMessage];
  let body = "";
  for await (const chunk of res.setEncoding("utf8")) body += chunk as string;
  return { res, body };
}

describe("a request", () => {
  it("arrives with the target's host and our own forwarding headers, whatever the client says", async () => {
    await using target = await openHttpTarget((req, res) => res.end(JSON.stringify(req.headers)));
    await using front = await openFront({ app: { port: target.port } });
    const { body } = await send(front.port, {
      headers: {
        "X-Forwarded-For": "6.6.6.6",
        X_Forwarded_For: "6.6.6.6",
        "X-Forwarded-Host": "evil",
        Forwarded: "for=6.6.6.6",
        "X-Real-IP": "6.6.6.6",
        "X-Middleware-Subrequest": "middleware",
        Connection: "close, X-Private",
        "X-Private": "1",
        "Proxy-Authorization": "secret",
        TE: "trailers",
        Origin: "http://app",
        Referer: "http://app/from?x=1",
        Cookie: "a=1; __Host-ghost_app=secret;b=2",
      },
    });
    const seen = JSON.parse(body) as Record<string, string>;
    expect(seen).toEqual({
      host: `localhost:${target.port}`,
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": `localhost:${target.port}`,
      "x-forwarded-proto": "http",
      forwarded: "for=127.0.0.1;proto=http",
      origin: `http://localhost:${target.port}`,
      referer: `http://localhost:${target.port}/from?x=1`,
      cookie: "a=1;b=2",
      connection: "keep-alive",
    });
  });

  it("keeps its target byte for byte", async () => {
    await using target = await openHttpTarget((req, res) => res.end(req.url));
    await using front = await openFront({ app: { port: target.port } });
    const path = "/a//b/%2e%2e/..;/{x}?q=\\d+&x=%00&u=http://h//";
    const text = await rawRequest(
      front.port,
      `GET ${path} HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n`,
    );
    expect(text).toContain(path);
  });

  it("shares connections within a key and never between keys", async () => {
    await using target = await openRawTarget((socket) => {
      socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"));
    });
    await using front = await openFront({ a: { port: target.port }, b: { port: target.port } });
    for (let i = 0; i < 5; i++) await send(front.port, { headers: { host: "a" } });
    expect(target.accepted).toBe(1);
    await send(front.port, { headers: { host: "b" } });
    expect(target.accepted).toBe(2);
    front.relay.drop("a/");
    await vi.waitFor(() => expect(target.sockets.size).toBe(1));
    expect(front.relay.counts).toEqual({ keys: 1, idle: 1, requests: 0, upgrades: 0 });
  });

  it("closes connections that wait too long", async () => {
    await using target = await openHttpTarget((_req, res) => res.end("x"));
    await using front = await openFront({ app: { port: target.port } }, { idleMs: 30 });
    await send(front.port, {});
    await vi.waitFor(() => {
      expect(front.relay.counts).toEqual({ keys: 0, idle: 0, requests: 0, upgrades: 0 });
      expect(front.dialled.size).toBe(0);
    });
  });

  it("is repeated once when the target closed the waiting connection, if nothing can come of it", async () => {
    // Answers each connection's first request, and hangs up on its second.
    await using target = await openRawTarget((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
        socket.once("data", () => socket.destroy());
      });
    });
    await using front = await openFront({ app: { port: target.port } });
    expect((await send(front.port, {})).res.statusCode).toBe(200);
    expect((await send(front.port, {})).res.statusCode).toBe(200);
    expect(target.accepted).toBe(2);
    const post = await send(front.port, {
      method: "POST",
      body: "x",
      headers: { accept: "application/json" },
    });
    expect(post.res.statusCode).toBe(424);
    expect(target.accepted).toBe(2);
  });

  it("that must not be repeated takes no connection that has waited for long", async () => {
    await using target = await openRawTarget((socket) => {
      socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"));
    });
    await using front = await openFront({ app: { port: target.port } }, { freshMs: 0 });
    await send(front.port, {});
    await send(front.port, { method: "POST", body: "x" });
    expect(target.accepted).toBe(2);
  });

  it.each(["POST", "PUT", "DELETE", "GET"])("%s carries a chunked body, framed anew", async (method) => {
    await using target = await openHttpTarget((req, res) => {
      let body = "";
      req.on("data", (chunk: Buffer) => (body += chunk.toString()));
      req.on("end", () => res.end(`${req.method ?? ""} ${body} ${String(req.headers["transfer-encoding"])}`));
    });
    await using front = await openFront({ app: { port: target.port } });
    const text = await rawRequest(
      front.port,
      `${method} / HTTP/1.1\r\nHost: app\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\nConnection: close\r\n\r\n` +
        "3;ext=1\r\nabc\r\n4\r\ndefg\r\n0\r\nX: trailer\r\n\r\n",
    );
    expect(text).toContain(`${method} abcdefg chunked`);
  });

  it("asks the target whether to go on, and says what it says", async () => {
    await using target = await openHttpTarget(undefined);
    target.server.on("checkContinue", (req: IncomingMessage, res) => {
      if (req.url === "/no") {
        res.writeHead(413, { "Content-Length": 0 }).end();
        return;
      }
      res.writeContinue();
      let size = 0;
      req.on("data", (chunk: Buffer) => (size += chunk.length));
      req.on("end", () => res.end(`got ${size}`));
    });
    await using front = await openFront({ app: { port: target.port } });
    using client = await rawClient(front.port);
    client.send("PUT /yes HTTP/1.1\r\nHost: app\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    client.send("hello");
    await client.until(/got 5/);
    client.send("PUT /no HTTP/1.1\r\nHost: app\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    const text = await client.end();
    expect(text.match(/100 Continue/g)).toHaveLength(1);
    expect(text).toMatch(/413 Payload Too Large\r\n(.*\r\n)*Connection: close/);
  });

  it("ends at the target when its client goes away", async () => {
    let closed = false;
    await using target = await openHttpTarget((req, res) => {
      res.on("close", () => (closed = true));
      req.resume();
    });
    await using front = await openFront({ app: { port: target.port } });
    using client = await rawClient(front.port);
    client.send("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 100\r\n\r\nhalf");
    await vi.waitFor(() => expect(front.relay.counts.requests).toBe(1));
    client.socket.destroy();
    await vi.waitFor(() => expect(closed).toBe(true));
    await vi.waitFor(() => expect(front.relay.counts).toMatchObject({ idle: 0, requests: 0 }));
  });

  it("ends when the right to it does", async () => {
    await using target = await openHttpTarget((_req, res) => res.write("first"));
    await using front = await openFront({ app: { port: target.port } });
    using client = await rawClient(front.port);
    client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n");
    await client.until(/first/);
    front.revoke();
    expect(await client.end()).not.toMatch(/0\r\n\r\n$/);
    await vi.waitFor(() => expect(front.dialled.size).toBe(0));
  });

  it("is refused beyond a key's share", async () => {
    await using target = await openHttpTarget(() => undefined);
    await using front = await openFront({ app: { port: target.port } }, { requestsPerKey: 2 });
    using first = await rawClient(front.port);
    using second = await rawClient(front.port);
    for (const client of [first, second]) client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n");
    await vi.waitFor(() => expect(front.relay.counts.requests).toBe(2));
    const { res } = await send(front.port, {});
    expect(res.statusCode).toBe(503);
    expect(res.headers["retry-after"]).toBe("1");
  });

  it("counts as activity", async () => {
    const onActivity = vi.fn();
    await using target = await openHttpTarget((_req, res) => res.end());
    await using front = await openFront({ app: { port: target.port, onActivity } });
    await send(front.port, {});
    expect(onActivity).toHaveBeenCalledOnce();
  });
});

describe("an answer", () => {
  it("streams: head and events go out as they come", async () => {
    await using target = await openHttpTarget((_req, res) => {
      res.writeHead(200, { "Content-Type": "text/event-stream" });
      res.flushHeaders();
      target.server.on("say", (text: string) => res.write(text));
    });
    await using front = await openFront({ app: { port: target.port } });
    using client = await rawClient(front.port);
    client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n");
    await client.until(/event-stream(.|\r\n)*\r\n\r\n$/);
    target.server.emit("say", "data: 1\n\n");
    await client.until(/data: 1\n\n\r\n$/);
    target.server.emit("say", "data: 2\n\n");
    await client.until(/data: 2\n\n\r\n$/);
  });

  it("keeps ranges, encodings, cookies and the order and spelling of headers", async () => {
    await using target = await openScriptedTarget(
      [
        "HTTP/1.1 206 Partial\r\nX-FIRST: 1\r\nContent-Range: bytes 0-3/10\r\nContent-Length: 4\r\nset-cookie: a=1; Domain=x; Path=/\r\n",
        "Set-Cookie: b=2\r\nSet-Cookie: __Host-ghost_app=evil\r\nTrailer: X\r\nStrict-Transport-Security: max-age=1\r\n",
        'Clear-Site-Data: "cookies"\r\nX-Accel-Redirect: /etc\r\nX-Accel-Buffering: no\r\nAlt-Svc: h3\r\nDate: x\r\n\r\nabcd',
      ],
      "end",
    );
    await using front = await openFront({ app: { port: target.port } });
    const text = await rawRequest(front.port, "GET / HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n");
    expect(lines(text)).toEqual([
      "HTTP/1.1 206 Partial",
      "X-FIRST: 1",
      "Content-Range: bytes 0-3/10",
      "set-cookie: a=1; Path=/",
      "Set-Cookie: b=2",
      "X-Accel-Buffering: no",
      "Date: x",
      "Content-Length: 4",
      "Connection: close",
      "",
      "abcd",
    ]);
  });

  it("that leads to the target's own idea of its address leads back to the public one", async () => {
    await using target = await openHttpTarget((req, res) => {
      res.writeHead(302, { Location: `http://${req.headers.host ?? ""}/next?x=1` }).end();
    });
    await using front = await openFront({ app: { port: target.port } });
    const { res } = await send(front.port, { headers: { host: "app:8000" } });
    expect(res.headers.location).toBe("http://app:8000/next?x=1");
  });

  it("passes early hints and drops trailers", async () => {
    await using target = await openScriptedTarget(
      [
        "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload; as=style\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n",
      ],
      "stay",
    );
    await using front = await openFront({ app: { port: target.port } });
    const text = await rawRequest(front.port, "GET / HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n");
    expect(text).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>/i);
    expect(text).toContain("HTTP/1.1 102 Processing");
    expect(text).not.toMatch(/x-t/i);
    expect(text).toMatch(/3\r\nabc\r\n0\r\n\r\n$/);
  });

  it.each([
    ["HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"],
    ["HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ["GET", "HTTP/1.1 204 No Content\r\n\r\n"],
    ["GET", 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 10\r\n\r\n'],
  ])("to %s without a body leaves both connections usable (%#)", async (method, answer) => {
    await using target = await openRawTarget((socket) => socket.on("data", () => socket.write(answer)));
    await using front = await openFront({ app: { port: target.port } });
    using client = await rawClient(front.port);
    const status = / (\d+) /.exec(answer)?.[1] ?? "";
    for (let i = 1; i <= 2; i++) {
      client.send(`${method} / HTTP/1.1\r\nHost: app\r\n\r\n`);
      await client.until(new RegExp(`(HTTP/1.1 ${status}[^]*?\r\n\r\n){${i}}$`));
    }
    expect(target.accepted).toBe(1);
  });

  it("without a length ends with the connection, also for a client of HTTP/1.0", async () => {
    await using target = await openScriptedTarget(["HTTP/1.0 200 OK\r\n\r\nto the end"], "end");
    await using front = await openFront({ app: { port: target.port } });
    expect((await send(front.port, {})).body).toBe("to the end");
    const old = await rawRequest(front.port, "GET / HTTP/1.0\r\nHost: app\r\n\r\n");
    expect(old).toMatch(/\r\n\r\nto the end$/);
    expect(old).not.toMatch(/chunked/i);
  });

  it("may come before the request has ended", async () => {
    await using target = await openScriptedTarget(
      ["HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig"],
      "stay",
    );
    await using front = await openFront({ app: { port: target.port } });
    using client = await rawClient(front.port);
    client.send("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 1000000\r\n\r\nstart");
    await client.until(/413 Too Large[^]*big$/);
    client.send(Buffer.alloc(1_000_000 - 5));
    client.send("GET / HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n");
    expect((await client.end()).match(/413 Too Large/g)).toHaveLength(2);
    expect(target.accepted).toBe(2);
  });

  it("names who may frame it, in place of what the target says", async () => {
    await using target = await openHttpTarget((_req, res) => {
      res.setHeader("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; img-src *");
      res.setHeader("X-Frame-Options", "DENY");
      res.end();
    });
    await using front = await openFront({ app: { port: target.port, frameAncestors: "http://dashboard" } });
    const { res } = await send(front.port, {});
    expect(res.headers["content-security-policy"]).toBe(
      "default-src 'self'; img-src *, frame-ancestors http://dashboard",
    );
    expect(res.headers["x-frame-options"]).toBeUndefined();
  });

  it("waits in the target while its reader does not read", async () => {
    let written = 0;
    await using target = await openHttpTarget((_req, res) => {
      const block = Buffer.alloc(65_536);
      const go = () => {
        while (!res.destroyed) {
          written += block.length;
          if (!res.write(block)) {
            res.once("drain", go);
            return;
          }
        }
      };
      go();
    });
    await using front = await openFront({ app: { port: target.port } });
    using client = await rawClient(front.port);
    client.socket.pause();
    client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n");
    let last = -1;
    await vi.waitFor(
      () => {
        const grown = written - last;
        last = written;
        expect(grown).toBe(0);
        expect(written).toBeGreaterThan(0);
      },
      { interval: 200, timeout: 5_000 },
    );
    // What is under way is what the kernel's buffers of three sockets hold.
    expect(written).toBeLessThan(48 * 2 ** 20);
  });
});
