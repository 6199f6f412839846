import { describe, expect, it, vi } from "vitest";
import { type Front, openFront, openRawTarget, openScriptedTarget } from "./testing/front.ts";
import { brokenAnswers, refusedAnswers } from "./testing/hostile-answers.ts";
import { rawClient, rawRequest } from "./testing/raw-client.ts";

const ok = "HTTP/1.1 200 OK\r\n";
const get = "GET / HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n";
const post = "POST / HTTP/1.1\r\nHost: app\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi";

/** No connection to a target is kept, and no client's is left. */
async function baseline(front: Front): Promise<void> {
  await vi.waitFor(() => {
    expect(front.relay.counts).toMatchObject({ idle: 0, requests: 0, upgrades: 0 });
    expect(front.dialled.size).toBe(0);
    expect(front.clients.size).toBe(0);
  });
}

describe("an answer that is no answer", () => {
  it.each(refusedAnswers)("%s", async (_name, pieces) => {
    await using target = await openScriptedTarget(pieces, "end");
    await using front = await openFront({ app: { port: target.port } });
    expect(await rawRequest(front.port, get)).toMatch(/HTTP\/1\.1 502 [^]*Ghost-Hop: app\r\n/);
    await baseline(front);
    // The request has reached its target: nothing may make a client send it again.
    expect(await rawRequest(front.port, post)).toMatch(/HTTP\/1\.1 424 [^]*may have taken effect/);
    await baseline(front);
  });

  it("endless headers", async () => {
    await using target = await openRawTarget((socket) => {
      socket.once("data", () => {
        socket.write(ok);
        const go = () => {
          while (!socket.destroyed && socket.write(`A: ${"x".repeat(1_000)}\r\n`));
        };
        socket.on("drain", go);
        go();
      });
    });
    await using front = await openFront({ app: { port: target.port } });
    expect(await rawRequest(front.port, get)).toMatch(/^HTTP\/1\.1 502 /);
    await baseline(front);
  });

  it("a reset instead of an answer", async () => {
    await using target = await openRawTarget((socket) => socket.once("data", () => socket.resetAndDestroy()));
    await using front = await openFront({ app: { port: target.port } });
    expect(await rawRequest(front.port, get)).toMatch(/^HTTP\/1\.1 502 /);
    expect(await rawRequest(front.port, post)).toMatch(/^HTTP\/1\.1 424 /);
    await baseline(front);
  });

  it("a head that drips for ever", async () => {
    await using target = await openRawTarget((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\nX: ");
        const drip = setInterval(() => socket.write("x"), 10);
        socket.on("close", () => clearInterval(drip));
      });
    });
    await using front = await openFront({ app: { port: target.port } }, { headMs: 150 });
    expect(await rawRequest(front.port, get)).toMatch(/^HTTP\/1\.1 504 /);
    await baseline(front);
  });

  it("silence", async () => {
    await using target = await openRawTarget(() => undefined);
    await using front = await openFront({ app: { port: target.port } }, { answerMs: 50 });
    expect(await rawRequest(front.port, get)).toMatch(/^HTTP\/1\.1 504 /);
    expect(await rawRequest(front.port, post)).toMatch(/^HTTP\/1\.1 424 /);
    await baseline(front);
  });

  it("no connection at all", async () => {
    const gone = await openRawTarget(() => undefined);
    await gone[Symbol.asyncDispose]();
    await using front = await openFront({ app: { port: gone.port } });
    expect(await rawRequest(front.port, get)).toMatch(/^HTTP\/1\.1 502 [^]*app_not_listening/);
    // Nothing was sent: this one may well be sent again.
    expect(await rawRequest(front.port, post)).toMatch(/^HTTP\/1\.1 502 [^]*app_not_listening/);
    await baseline(front);
  });

  it("a connection that never comes", async () => {
    await using front = await openFront(
      { app: { port: 1, dial: () => new Promise<never>(() => undefined) } },
      { dialMs: 50 },
    );
    expect(await rawRequest(front.port, post)).toMatch(/^HTTP\/1\.1 504 [^]*app_connect_timeout/);
    await baseline(front);
  });
});

const chunks = `${ok}Transfer-Encoding: chunked\r\n\r\n`;

describe("a body that is not complete is not completed for the client", () => {
  it.each(brokenAnswers)("%s", async (_name, pieces, after) => {
    await using target = await openScriptedTarget(pieces, after);
    await using front = await openFront({ app: { port: target.port } });
    const text = await rawRequest(front.port, get);
    expect(text).toMatch(/^(HTTP\/1\.1 (200|502) |$)/);
    if (text.startsWith("HTTP/1.1 200")) expect(text).not.toMatch(/\r\n0\r\n\r\n$/);
    await baseline(front);
  });

  it("resets a client of HTTP/1.0, which takes any end for a proper one", async () => {
    await using target = await openRawTarget((socket) => {
      socket.once("data", () => socket.write(`${chunks}5\r\nhello\r\n`));
    });
    await using front = await openFront({ app: { port: target.port } });
    using client = await rawClient(front.port);
    client.send("GET / HTTP/1.0\r\nHost: app\r\n\r\n");
    await client.until(/hello$/);
    for (const socket of target.sockets) socket.destroy();
    await client.end();
    expect(client.ended).toBe(false);
    await baseline(front);
  });
});

describe("an answer with more than was asked for", () => {
  it.each([
    ["a body to HEAD", "HEAD", `${ok}Content-Length: 5\r\n\r\nhello`],
    ["a body in 204", "GET", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello"],
    ["a body in 304", "GET", "HTTP/1.1 304 Not Modified\r\n\r\nhello"],
    ["a body longer than its length", "GET", `${ok}Content-Length: 2\r\n\r\nhello`],
    ["a second answer", "GET", `${ok}Content-Length: 2\r\n\r\nhi${ok}Content-Length: 4\r\n\r\nevil`],
  ])("%s never reaches the next request", async (_name, method, answer) => {
    await using target = await openScriptedTarget([answer], "stay");
    await using front = await openFront({ app: { port: target.port } });
    using client = await rawClient(front.port);
    for (let i = 1; i <= 2; i++) {
      client.send(`${method} / HTTP/1.1\r\nHost: app\r\n\r\n`);
      await client.until(new RegExp(`(HTTP/1\\.1 [^]*?\r\n\r\n(hi|he)?){${i}}$`));
    }
    expect(client.text).not.toMatch(/hello|evil|llo/);
    expect(target.accepted).toBe(2);
  });

  it("an answer nobody asked for costs the connection", async () => {
    await using target = await openRawTarget((socket) => {
      socket.once("data", () => {
        socket.write(`${ok}Content-Length: 2\r\n\r\nhi`, () =>
          setImmediate(() => socket.write(`${ok}\r\nevil`)),
        );
      });
    });
    await using front = await openFront({ app: { port: target.port } });
    expect(await rawRequest(front.port, get)).toMatch(/hi$/);
    await vi.waitFor(() => expect(front.relay.counts.idle).toBe(0));
  });
});
