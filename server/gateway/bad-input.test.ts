import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../tests/support/test-server.ts";

let ghost: TestServer;
beforeAll(async () => {
  ghost = await startTestServer({ inside: {} });
});
afterAll(() => ghost[Symbol.asyncDispose]());

/** Sends bytes as they are, and reads until the gateway hangs up. */
async function raw(bytes: string): Promise<{ status: number; code: string | undefined }> {
  const socket = connect(ghost.port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(bytes);
  const answer = await text(socket);
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]),
    code: /"code":"(\w+)"/.exec(answer)?.[1],
  };
}

const get = (target: string, more = "") =>
  raw(`GET ${target} HTTP/1.1\r\nhost: 127.0.0.1:${ghost.port}\r\nconnection: close\r\n${more}\r\n`);

const post = async (path: string, body: RequestInit["body"], headers: Record<string, string> = {}) => {
  const response = await fetch(ghost.url + path, {
    method: "POST",
    body: body ?? null,
    headers: { authorization: `Bearer ${ghost.token}`, "content-type": "application/json", ...headers },
  });
  const answer = (await response.json()) as {
    error?: { code: string; message: string; hint: string; requestId: string };
  };
  return { status: response.status, ...answer.error };
};

it.each([
  ["http://evil.example/health", 400],
  ["//evil.example/health", 400],
  ["/\\evil.example/health", 400],
  ["*", 400],
  ["/health/../v1/me", 404],
  ["/%2e%2e/health", 404],
  ["/v1/caves/%00", 401],
  ["/v1/caves/%ff%fe", 401],
  ["/V1/caves", 404],
  ["/v1/caves/", 401],
  ["/v1//caves", 404],
  [`/${"a".repeat(20_000)}`, 414],
  ["/pages/../front-door.ts", 404],
  ["/pages/%2e%2e/front-door.ts", 404],
])("answers %j", async (target, status) => {
  expect((await get(target)).status).toBe(status);
});

it.each(["evil.example", "localhost", "localhost:1", "127.0.0.1.evil.example", "", "a, b", "[::1"])(
  "does not answer for the host %j",
  async (host) => {
    const answer = await raw(`GET /health HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
    expect(answer).toEqual({ status: 421, code: "misdirected" });
  },
);

it("answers for its own hosts", async () => {
  for (const host of [`localhost:${ghost.port}`, `[::1]:${ghost.port}`, `LOCALHOST:${ghost.port}`]) {
    expect((await raw(`GET /health HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)).status).toBe(
      200,
    );
  }
});

it("refuses requests that are none, and headers without end", async () => {
  expect(await raw("\u0016\u0003\u0001\r\n\r\n")).toEqual({ status: 400, code: "bad_request" });
  expect((await get("/health", `x-large: ${"a".repeat(40_000)}\r\n`)).status).toBe(431);
  expect((await raw("GET /health HTTP/1.1\r\nconnection: close\r\n\r\n")).status).toBe(421);
  const both = `POST /v1/caves HTTP/1.1\r\nhost: 127.0.0.1:${ghost.port}\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`;
  expect((await raw(both)).status).toBe(400);
});

it.each([
  ["{", 400, "malformed_json"],
  ["", 400, "malformed_json"],
  ["\ufeff{}", 400, "malformed_json"],
  ["[]", 422, "invalid_input"],
  ["null", 422, "invalid_input"],
  ['{"__proto__": {"admin": true}}', 400, "bad_request"],
  ['{"\\u005f_proto__": {"admin": true}}', 400, "bad_request"],
  ['{"env": {"__proto__": "x"}}', 400, "bad_request"],
  ['{"constructor": {}}', 422, "invalid_input"],
  ['{"name": "3000@evil"}', 422, "invalid_input"],
  ['{"limits": {"cpus": 1e309}}', 422, "invalid_input"],
  ['{"backend": "nowhere"}', 404, "backend_not_found"],
  ['{"image": "no/such:image"}', 404, "image_not_found"],
])("answers the body %j", async (body, status, code) => {
  const answer = await post("/v1/caves", body);
  expect(answer).toMatchObject({ status, code });
  expect([answer.message, answer.hint, answer.requestId].every(Boolean)).toBe(true);
  expect((await ghost.client.caves.list()).total).toBe(0);
});

it("stops reading what is too large", async () => {
  const name = JSON.stringify({ name: "a".repeat(10_000_000) });
  expect(await post("/v1/caves", name)).toMatchObject({ status: 413, code: "payload_too_large" });
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(65_536).fill(0x61));
      if (++sent === 100) controller.close();
    },
  });
  const response = await fetch(`${ghost.url}/v1/caves`, {
    method: "POST",
    body: endless,
    duplex: "half",
    headers: { authorization: `Bearer ${ghost.token}`, "content-type": "application/json" },
  });
  expect(response.status).toBe(413);
});

it("says what it takes", async () => {
  expect(await post("/v1/caves", "{}", { "content-type": "text/plain" })).toMatchObject({
    code: "unsupported_media_type",
  });
  expect(await post("/v1/caves", "{}", { "content-encoding": "gzip" })).toMatchObject({
    code: "unsupported_media_type",
  });
  expect(await post("/v1/caves", "{}", { accept: "image/png" })).toMatchObject({ code: "not_acceptable" });
  expect(await post("/health", "{}")).toMatchObject({ status: 405, code: "method_not_allowed" });
  expect(await post("/v1/caves/den/start", "{}")).toMatchObject({ code: "bad_request" });
  const head = await fetch(`${ghost.url}/health`, { method: "HEAD" });
  expect([head.status, head.headers.get("allow")]).toEqual([405, "GET"]);
});

it("gives every answer its policy, and none to other origins", async () => {
  for (const path of ["/health", "/v1/me", "/nothing", "/docs", "/sign-in", "/"]) {
    const { headers } = await fetch(ghost.url + path, {
      headers: { origin: "https://evil.example" },
      redirect: "manual",
    });
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("content-security-policy")).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect([...headers.keys()].some((name) => name.startsWith("access-control"))).toBe(false);
  }
});

it("lives on", async () => {
  expect(await ghost.client.system.health()).toMatchObject({ status: "healthy" });
  expect(ghost.log()).not.toContain("request failed");
});
