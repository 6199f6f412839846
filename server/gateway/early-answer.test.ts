import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startHostDaemon } from "../guest/daemon/testing/host-daemon.ts";
import { type AppHouse, openAppHouse } from "./apps/testing/app-house.ts";
import { rawClient, type RawClient } from "./relay/testing/raw-client.ts";

const stack = new AsyncDisposableStack();
let house: AppHouse;
let own: string;
let app: string;
beforeAll(async () => {
  const { guest } = stack.use(await startHostDaemon());
  house = stack.use(
    await openAppHouse({
      more: guest,
      app: (request, response) => {
        response.writeHead(Number(request.url?.slice(1)), { "content-length": 3 }).end("big");
      },
    }),
  );
  await house.ghost.client.files.write({ params: { cave: "den" }, query: { path: "kept" }, body: "x" });
  own = `Host: 127.0.0.1:${house.ghost.port}\r\nAuthorization: Bearer ${house.ghost.token}\r\n`;
  const { origin, cookie } = await house.enter("den", { port: 3000 });
  app = `Host: ${new URL(origin).host}\r\nCookie: ${cookie}\r\n`;
});
afterAll(() => stack.disposeAsync());

const block = Buffer.alloc(262_144, "x");

/** Sends as much as is taken, whatever is answered, as a browser does: up to so many bytes, or until the connection is closed. */
async function pour(client: RawClient, bytes: number): Promise<void> {
  for (let left = bytes; left > 0 && !client.closed; left -= block.length)
    await new Promise<void>((resolve) => {
      client.socket.write(block.subarray(0, left), () => resolve());
    });
}

const gigabytes = 8 * 2 ** 30;
const large = 12 * 2 ** 20;
const put = (more: string) => `PUT /v1/caves/den/files?path=kept HTTP/1.1\r\n${more}`;
const run = (command: string) =>
  `POST /v1/caves/den/exec?command=${encodeURIComponent(command)} HTTP/1.1\r\n${own}Content-Type: application/octet-stream\r\n`;

describe("an answer before the end of the body", () => {
  const refusals: [string, () => string, RegExp][] = [
    ["a file that is there", () => put(`${own}If-None-Match: *\r\n`), /^HTTP\/1\.1 412 [^]*"file_changed"/],
    ["nobody known", () => put(`Host: 127.0.0.1:${house.ghost.port}\r\n`), /^HTTP\/1\.1 401 /],
    ["no such cave", () => put(own).replace("/den/", "/none/"), /^HTTP\/1\.1 404 [^]*"cave_not_found"/],
    [
      "a body that is too large",
      () => `POST /v1/caves HTTP/1.1\r\n${own}Content-Type: application/json\r\n`,
      /^HTTP\/1\.1 413 /,
    ],
    ["an app's host without a pass", () => `POST / HTTP/1.1\r\n${app.replace(/Cookie.*/, "X: y")}`, / 401 /],
    ["an app that has seen enough", () => `POST /413 HTTP/1.1\r\n${app}`, /^HTTP\/1\.1 413 [^]*\r\n\r\nbig/],
  ];
  const others: typeof refusals = [
    ["a program that reads none of it", () => run("echo done"), /^HTTP\/1\.1 200 [^]*done/],
    ["an app that is content", () => `POST /200 HTTP/1.1\r\n${app}`, /^HTTP\/1\.1 200 [^]*\r\n\r\nbig/],
  ];

  it.each(refusals)(
    "is heard at once by who listens, and closes who does not: %s",
    async (_, head, answer) => {
      using client = await rawClient(house.ghost.port);
      client.send(`${head()}Content-Length: ${gigabytes}\r\n\r\n`);
      const pouring = pour(client, gigabytes);
      await client.until(answer);
      await client.end();
      await pouring;
    },
  );

  it.each([...refusals, ...others])("is heard by who sends everything first: %s", async (_, head, answer) => {
    using client = await rawClient(house.ghost.port);
    client.send(`${head()}Content-Length: ${large}\r\n\r\n`);
    await pour(client, large);
    client.socket.end(); // what was sent is all there is
    expect(await client.end()).toMatch(answer);
    expect(client.ended).toBe(true);
  });
});

describe("a body that is asked about first", () => {
  const expecting = "Expect: 100-continue\r\nConnection: close\r\nContent-Length: 4\r\n\r\n";

  it("is not called for in vain", async () => {
    using stranger = await rawClient(house.ghost.port);
    stranger.send(put(`Host: 127.0.0.1:${house.ghost.port}\r\n`) + expecting);
    expect(await stranger.end()).toMatch(/^HTTP\/1\.1 401 [^]*connection: close/i);
  });

  it("is called for when it is wanted", async () => {
    using known = await rawClient(house.ghost.port);
    known.send(put(own) + expecting);
    await known.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    known.send("body");
    expect(await known.end()).toMatch(/\r\n\r\nHTTP\/1\.1 200 /);
  });
});
