import { describe, expect, it, vi } from "vitest";
import { type Front, openFront, openRawTarget, openScriptedTarget } from "./testing/front.ts";
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

const refused: [string, (string | Buffer)[]][] = [
  ["a banner of another protocol", ["SSH-2.0-OpenSSH_9\r\n"]],
  ["random bytes", [Buffer.from([0, 255, 1, 254, 13, 10, 13, 10])]],
  ["HTTP/0.9", ["<html>hello</html>"]],
  ["HTTP/2 frames", [Buffer.from("00000c0400000000000003000000640004000a", "hex")]],
  ["another version", ["HTTP/3.0 200 OK\r\n\r\n"]],
  ["status 99", ["HTTP/1.1 99 X\r\n\r\n"]],
  ["status 000", ["HTTP/1.1 000 X\r\n\r\n"]],
  ["status 600", ["HTTP/1.1 600 X\r\n\r\n"]],
  ["status 1000", ["HTTP/1.1 1000 X\r\n\r\n"]],
  ["status -1", ["HTTP/1.1 -1 X\r\n\r\n"]],
  ["a NUL in the reason", ["HTTP/1.1 200 O\0K\r\n\r\n"]],
  ["a CR in the reason", ["HTTP/1.1 200 O\rK\r\n\r\n"]],
  ["101 unasked", ["HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"]],
  ["bare LF", ["HTTP/1.1 200 OK\nContent-Length: 2\n\nhi"]],
  ["one bare LF among CRLFs", [`${ok}A: 1\nB: 2\r\n\r\n`]],
  ["a folded header", [`${ok}A: 1\r\n folded\r\n\r\n`]],
  ["a header without colon", [`${ok}Nonsense\r\n\r\n`]],
  ["a header without name", [`${ok}: x\r\n\r\n`]],
  ["a space before the colon", [`${ok}Content-Length : 2\r\n\r\nhi`]],
  ["a name that is no token", [`${ok}A(b): 2\r\n\r\nhi`]],
  ["a NUL in a value", [`${ok}A: \0\r\n\r\n`]],
  ["a header of 1 MB", [`${ok}A: ${"x".repeat(1 << 20)}\r\n\r\n`]],
  ["300 headers", [`${ok}${"A: 1\r\n".repeat(300)}\r\n`]],
  ["two lengths", [`${ok}Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi`]],
  ["lengths in a list", [`${ok}Content-Length: 2, 2\r\n\r\nhi`]],
  ["a negative length", [`${ok}Content-Length: -2\r\n\r\nhi`]],
  ["a signed length", [`${ok}Content-Length: +2\r\n\r\nhi`]],
  ["a length beyond numbers", [`${ok}Content-Length: 99999999999999999999\r\n\r\nhi`]],
  ["length and chunks", [`${ok}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`]],
  ["chunks twice", [`${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`]],
  ["another encoding", [`${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`]],
  ["chunks in HTTP/1.0", ["HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"]],
  ["endless interim answers", ["HTTP/1.1 102 X\r\n\r\n".repeat(1_000)]],
  ["nothing", []],
  ["half a head", [`${ok}Content-Le`]],
];

describe("an answer that is no answer", () => {
  it.each(refused)("%s", async (_name, pieces) => {
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
const broken: [string, (string | Buffer)[], "end" | "reset"][] = [
  ["is shorter than its length", [`${ok}Content-Length: 10\r\n\r\nhello`], "end"],
  ["is reset", [`${ok}Content-Length: 10\r\n\r\nhello`], "reset"],
  ["ends between chunks", [`${chunks}5\r\nhello\r\n`], "end"],
  ["ends inside a chunk", [`${chunks}9\r\nhello`], "end"],
  ["has a chunk longer than its size", [`${chunks}5\r\nhello!\r\n0\r\n\r\n`], "end"],
  ["has a bad chunk size", [`${chunks}5\r\nhello\r\nxyz\r\n`], "end"],
  ["has a signed chunk size", [`${chunks}5\r\nhello\r\n-1\r\n`], "end"],
  ["has an enormous chunk size", [`${chunks}5\r\nhello\r\nffffffffffffffff\r\n`], "end"],
  ["has bare LF in its chunks", [`${chunks}5\r\nhello\r\n0\n\n`], "end"],
  ["has endless extensions", [`${chunks}5\r\nhello\r\n5;${"x".repeat(200_000)}\r\n`], "end"],
  ["has endless trailers", [`${chunks}5\r\nhello\r\n0\r\n${"A: b\r\n".repeat(50_000)}`], "end"],
];

describe("a body that is not complete is not completed for the client", () => {
  it.each(broken)("%s", async (_name, pieces, after) => {
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
