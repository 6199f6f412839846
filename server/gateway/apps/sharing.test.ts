import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAppHouse, type AppHouse } from "./testing/app-house.ts";

const hour = 3_600_000;
let at = Date.now();
let house: AppHouse;
let id: string;
beforeAll(async () => {
  house = await openAppHouse({ now: () => new Date(at) });
  ({ id } = await house.ghost.client.caves.get({ params: { cave: "den" } }));
});
afterAll(() => house[Symbol.asyncDispose]());

const params = { cave: "den", port: 3000 };
const ports = () => house.ghost.client.ports;
const share = (visibility: "private" | "link" | "public") => ports().share({ params, body: { visibility } });
const origin = () => `http://3000--${id}.localhost:${house.ghost.port}`;
const cookieOf = async (url: string) =>
  (await house.get(url)).headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
const status = async (headers: Record<string, string> = {}) =>
  (await house.get(`${origin()}/`, headers)).status;

describe("a port", () => {
  it("is private until its owner says otherwise, and is listed with who may see it", async () => {
    expect(await status()).toBe(401);
    expect(await ports().list({ params: { cave: "den" } })).toEqual({
      ports: [
        {
          ...{ port: 3000, listening: true, process: "node", pid: 7, address: "0.0.0.0" },
          ...{ visibility: "private", url: `${origin()}/` },
        },
      ],
    });
    await ports().share({ params: { cave: "den", port: 9000 }, body: { visibility: "public" } });
    expect((await ports().list({ params: { cave: "den" } })).ports.at(-1)).toMatchObject({
      port: 9000,
      listening: false,
      visibility: "public",
    });
  });

  it("that is public is open to everybody, who lose it at once when it no longer is", async () => {
    await share("public");
    await expect.poll(() => status()).toBe(200);
    expect(await status({ "sec-fetch-site": "cross-site", origin: "http://other.example" })).toBe(200);
    const { socket } = await house.socket(`${origin()}/`, { origin: "http://other.example" });
    const closed = once(socket, "close");
    await share("private");
    await closed;
    await expect.poll(() => status()).toBe(401);
  });

  it("can be opened by link until the link ends", async () => {
    const link = await ports().createLink({ params, body: { expiresInMs: hour } });
    expect((await ports().list({ params: { cave: "den" } })).ports[0]?.visibility).toBe("link");
    const cookie = await cookieOf(link.url);
    expect(await status({ cookie })).toBe(200);
    expect(await status({ cookie: await cookieOf(link.url) })).toBe(200); // as often as people like
    expect(await status()).toBe(401);
    expect(JSON.stringify(await ports().links({ params }))).not.toContain(
      new URL(link.url).searchParams.get("key"),
    );
    at += hour;
    await expect.poll(() => status({ cookie })).toBe(401);
    expect((await house.get(link.url)).status).toBe(401);
    expect((await ports().links({ params })).links).toEqual([]);
  });

  it("is closed to a link that was revoked, with what it has open", async () => {
    const [one, other] = [
      await ports().createLink({ params, body: { expiresInMs: hour } }),
      await ports().createLink({ params, body: { expiresInMs: hour } }),
    ];
    const [cookie, kept] = [await cookieOf(one.url), await cookieOf(other.url)];
    const { socket } = await house.socket(`${origin()}/`, { cookie, origin: origin() });
    const closed = once(socket, "close");
    await ports().revokeLink({ params: { ...params, id: one.id } });
    await closed;
    await expect.poll(() => status({ cookie })).toBe(401);
    expect(await status({ cookie: kept })).toBe(200);
    await expect(ports().revokeLink({ params: { ...params, id: one.id } })).rejects.toMatchObject({
      code: "link_not_found",
    });
    await share("private");
    await expect.poll(() => status({ cookie: kept })).toBe(401);
  });

  it("opened by link opens nothing else, and starts nothing", async () => {
    const link = await ports().createLink({ params, body: { expiresInMs: hour } });
    const cookie = await cookieOf(link.url);
    const elsewhere = link.url.replace("3000--", "8000--");
    expect((await house.get(elsewhere)).status).toBe(401);
    await house.ghost.client.caves.stop({ params: { cave: "den" } });
    const navigate = { "sec-fetch-mode": "navigate", "sec-fetch-site": "none", cookie };
    await expect.poll(async () => (await house.get(`${origin()}/`, navigate)).status).toBe(503);
    expect((await house.get(`${origin()}/`, navigate)).body).not.toContain("<button");
    expect(
      (await house.get(`${origin()}/.ghost/start`, { cookie, "sec-fetch-site": "same-origin" }, "POST"))
        .status,
    ).toBe(403);
    await house.ghost.client.caves.start({ params: { cave: "den" } });
  });
});

describe("a cave that is stopped", () => {
  it("says so to programs, and offers people to start it", async () => {
    const { cookie } = await house.enter("lair", { port: 3000 });
    const lair = (await house.ghost.client.caves.get({ params: { cave: "lair" } })).id;
    const url = `http://3000--${lair}.localhost:${house.ghost.port}`;
    await house.ghost.client.caves.stop({ params: { cave: "lair" } });
    await expect.poll(async () => (await house.get(`${url}/`, { cookie })).status).toBe(409);
    expect((await house.socket(`${url}/`, { cookie, origin: url })).status).toBe(409);
    const page = await house.get(`${url}/`, {
      cookie,
      "sec-fetch-mode": "navigate",
      "sec-fetch-site": "none",
    });
    expect([page.status, page.headers["ghost-hop"]]).toEqual([503, "cave"]);
    expect(page.body).toContain("Start lair");
    expect(page.headers["content-security-policy"]).toContain("script-src 'sha256-");
    const cross = await house.get(`${url}/.ghost/start`, { cookie, "sec-fetch-site": "same-site" }, "POST");
    expect(cross.status).toBe(403);
    const started = await house.get(
      `${url}/.ghost/start`,
      { cookie, "sec-fetch-site": "same-origin" },
      "POST",
    );
    expect([started.status, started.body]).toEqual([200, '{"state":"running"}']);
    await expect.poll(async () => (await house.get(`${url}/`, { cookie })).status).toBe(200);
  });
});
