import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAppHouse, type AppHouse } from "./testing/app-house.ts";
import type { GhostError } from "#contract/client.ts";
import type { Scope } from "#contract/scopes.ts";

let house: AppHouse;
let port: number;
let ids: Record<string, string>;
beforeAll(async () => {
  house = await openAppHouse();
  port = house.ghost.port;
  const { caves } = await house.ghost.client.caves.list();
  ids = Object.fromEntries(caves.map(({ name, id }) => [name, id]));
});
afterAll(() => house[Symbol.asyncDispose]());

const navigate = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "none" };
const originOf = (surface: string | number, cave = "den") =>
  `http://${surface}--${ids[cave] ?? ""}.localhost:${port}`;
const codeOf = (body: string) => (JSON.parse(body) as { error: { code: string } }).error.code;
const open = (surface: Parameters<AppHouse["enter"]>[1], cave = "den", path?: string) =>
  house.ghost.client.surfaces.open({
    params: { cave },
    body: { surface, ...(path !== undefined && { path }) },
  });

describe("a way in", () => {
  it("is a ticket that becomes a cookie of that host alone and leaves the address", async () => {
    const { url } = await open({ port: 3000 }, "den", "/deep/page?x=1");
    expect(new URL(url).origin).toBe(originOf(3000));
    const entered = await house.get(url);
    expect([entered.status, entered.headers.location]).toEqual([303, "/deep/page?x=1"]);
    const [cookie = ""] = entered.headers["set-cookie"] ?? [];
    for (const part of ["__Host-ghost_app=", "Path=/", "HttpOnly", "Secure", "SameSite=None", "Partitioned"])
      expect(cookie).toContain(part);
    expect(cookie).not.toMatch(/Domain/i);
    expect(entered.headers["referrer-policy"]).toBe("no-referrer");
    const page = await house.get(`${originOf(3000)}/deep/page?x=1`, {
      cookie: cookie.split(";")[0] ?? "",
      ...navigate,
    });
    expect([page.status, page.body]).toEqual([200, "hello from the app at /deep/page?x=1"]);
    expect(page.headers["content-security-policy"]).toContain(
      `frame-ancestors 'self' http://localhost:${port}`,
    );
  });

  it("is good once", async () => {
    const { url } = await open("code");
    expect((await house.get(url)).status).toBe(303);
    const again = await house.get(url, { accept: "application/json" });
    expect([again.status, codeOf(again.body)]).toEqual([401, "ticket_refused"]);
  });

  it.each([
    ["another cave", () => originOf("code", "lair")],
    ["another surface", () => originOf("jupyter")],
    ["a port", () => originOf(3000)],
  ])("is not one to %s, and is spent there", async (_, elsewhere) => {
    const { url } = await open("code");
    const { pathname, search } = new URL(url);
    const wrong = await house.get(elsewhere() + pathname + search);
    expect([wrong.status, codeOf(wrong.body), wrong.headers["set-cookie"]]).toEqual([
      401,
      "ticket_refused",
      undefined,
    ]);
    expect((await house.get(url)).status).toBe(401);
  });

  it("ends after a minute", async () => {
    let at = Date.now();
    await using late = await openAppHouse({ now: () => new Date(at) });
    const { url } = await late.ghost.client.surfaces.open({
      params: { cave: "den" },
      body: { surface: "code" },
    });
    at += 60_000;
    expect((await late.get(url)).status).toBe(401);
  });

  it("needs the right to that surface", async () => {
    const only = async (scope: Scope) => house.ghost.as(await house.ghost.tokenOf("admin", [scope]));
    const may = async (scope: Scope, surface: Parameters<AppHouse["enter"]>[1]): Promise<unknown> =>
      (await only(scope)).surfaces
        .open({ params: { cave: "den" }, body: { surface } })
        .then(() => true)
        .catch((error: unknown) => (error as GhostError).code);
    expect(await may("caves:ports", { port: 3000 })).toBe(true);
    expect(await may("caves:ports", "code")).toBe("forbidden");
    expect(await may("caves:exec", "code")).toBe(true);
    expect(await may("caves:exec", { port: 3000 })).toBe("forbidden");
    const mia = house.ghost.as(await house.ghost.tokenOf("mia", ["caves:ports"], "member"));
    await expect(
      mia.surfaces.open({ params: { cave: "den" }, body: { surface: { port: 3000 } } }),
    ).rejects.toMatchObject({ code: "cave_not_found" });
  });

  it("does not lead to Ghost's own ports, nor off the host", async () => {
    await expect(open({ port: 4100 })).rejects.toMatchObject({ code: "invalid_input" });
    for (const path of ["//evil.example/", "/\\evil.example", "https://evil.example/", "/a\r\nb"])
      await expect(open("code", "den", path)).rejects.toMatchObject({ code: "invalid_input" });
    expect((await house.get(`http://4100--${ids["den"] ?? ""}.localhost:${port}/`)).status).toBe(421);
  });
});

describe("a cookie of one app", () => {
  it.each([
    ["another port", () => originOf(8000)],
    ["another surface", () => originOf("code")],
    ["another cave", () => originOf(3000, "lair")],
  ])("opens nothing at %s", async (_, elsewhere) => {
    const { cookie } = await house.enter("den", { port: 3000 });
    expect((await house.get(`${elsewhere()}/`, { cookie })).status).toBe(401);
    expect((await house.socket(`${elsewhere()}/`, { cookie, origin: elsewhere() })).status).toBe(401);
  });

  it("cannot be made by anybody else, or changed", async () => {
    const { cookie } = await house.enter("den", { port: 3000 });
    const [name = "", value = ""] = cookie.split("=", 2);
    for (const forged of [
      value.replace(".3000.", ".8000."),
      value.slice(0, -3),
      "a.b.c.d.e",
      "x".repeat(5000),
    ]) {
      expect((await house.get(`${originOf(8000)}/`, { cookie: `${name}=${forged}` })).status).toBe(401);
    }
  });

  it("is found beside others, however many a page has set", async () => {
    const { cookie } = await house.enter("den", { port: 3000 });
    const bomb = Array.from({ length: 150 }, (_, i) => `c${i}=${"x".repeat(100)}`).join("; ");
    const answer = await house.get(`${originOf(3000)}/`, {
      cookie: `__Host-ghost_app=tossed; ${bomb}; ${cookie}`,
    });
    expect(answer.status).toBe(200);
  });

  it("and no token or ticket arrives in the cave, by HTTP or WebSocket, and the cave sets none", async () => {
    const { cookie, origin } = await house.enter("den", { port: 3000 });
    const secrets = {
      cookie: `own=1; ${cookie}; __Host-ghost_session=x; ghost_session=y`,
      "ghost-token": "",
    };
    delete (secrets as Partial<typeof secrets>)["ghost-token"];
    const page = await house.get(`${origin}/`, secrets);
    expect(house.asked()?.headers.cookie).toBe("own=1");
    expect(page.headers["set-cookie"]).toEqual(["own=1; Path=/"]);
    for (const header of ["authorization", "ghost-token"]) {
      const value = header === "authorization" ? `Bearer ${house.ghost.token}` : house.ghost.token;
      expect((await house.get(`${origin}/`, { [header]: value })).status).toBe(200);
      expect(JSON.stringify(house.asked())).not.toContain("ghost_");
    }
    const { status, socket } = await house.socket(`${origin}/`, { ...secrets, origin });
    expect(status).toBe(101);
    expect(JSON.stringify(house.asked())).not.toMatch(/ghost_/);
    socket.terminate();
    // The app's own Authorization is the app's.
    await house.get(`${origin}/`, { cookie, authorization: "Bearer of-the-app" });
    expect(house.asked()?.headers.authorization).toBe("Bearer of-the-app");
  });
});

describe("an app is shown one whole world", () => {
  it.each(["port", "code"])("by HTTP and WebSocket alike: %s", async (kind) => {
    const { cookie, origin } = await house.enter("den", kind === "code" ? "code" : { port: 3000 });
    const host = kind === "code" ? origin.slice("http://".length) : "localhost:3000";
    const forged = {
      "x-forwarded-host": "evil",
      "x-forwarded-for": "6.6.6.6",
      forwarded: "for=6.6.6.6",
      "x-real-ip": "6.6.6.6",
    };
    await house.get(`${origin}/`, { cookie, origin, "sec-fetch-site": "same-origin", ...forged });
    const plain = house.asked()?.headers;
    const { socket } = await house.socket(`${origin}/`, { cookie, origin, ...forged });
    const upgraded = house.asked()?.headers;
    socket.terminate();
    for (const headers of [plain, upgraded]) {
      const forwarded = { "x-forwarded-host": host, "x-forwarded-for": "127.0.0.1" };
      expect(headers).toMatchObject({ host, origin: `http://${host}`, ...forwarded });
      expect(JSON.stringify(headers)).not.toContain("6.6.6.6");
    }
  });
});

describe("whose page it is", () => {
  const sites: [Record<string, string>, number][] = [
    [{ "sec-fetch-site": "same-origin" }, 200],
    [{ "sec-fetch-site": "none" }, 200],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, 200],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, 403],
    [{ "sec-fetch-site": "same-site", "sec-fetch-mode": "cors", origin: "OTHER-CAVE" }, 403],
    [{ "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors", referer: "OTHER-CAVE" }, 403],
    [{ "sec-fetch-site": "same-site", "sec-fetch-mode": "cors", origin: "SIBLING" }, 200],
    [{ "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors", referer: "SIBLING/page" }, 200],
    [{ "sec-fetch-site": "same-site", "sec-fetch-mode": "cors", origin: "CODE" }, 403],
    [{ origin: "http://evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{}, 200],
  ];
  const whose = (given: Record<string, string>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name,
        value
          .replace("OTHER-CAVE", originOf(3000, "lair"))
          .replace("SIBLING", originOf(8000))
          .replace("CODE", originOf("code")),
      ]),
    );

  it.each(sites)("decides on a request with %j", async (given, status) => {
    const { cookie, origin } = await house.enter("den", { port: 3000 });
    expect((await house.get(`${origin}/`, { cookie, ...whose(given) })).status).toBe(status);
  });

  it("decides on a form that another site sends", async () => {
    const { cookie, origin } = await house.enter("den", { port: 3000 });
    const headers = {
      cookie,
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      origin: "http://evil.example",
    };
    expect((await house.get(`${origin}/`, headers, "POST")).status).toBe(403);
  });

  const origins = ["OWN", "SIBLING", "OTHER-CAVE", "CODE", "DASHBOARD", "http://evil.example", "null", ""];
  /** The last: what it answers to those who may, where no terminal is behind it. */
  const sockets: [string, Parameters<AppHouse["enter"]>[1], string[], string, number][] = [
    ["a port", { port: 3000 }, ["OWN", "SIBLING"], "/", 101],
    ["code", "code", ["OWN", "CODE"], "/", 101],
    ["jupyter", "jupyter", ["OWN"], "/", 101],
    ["the desktop", "desktop", ["OWN"], "/v1/caves/CAVE/desktop?mode=view", 101],
    ["a terminal", "terminal", ["OWN"], "/v1/caves/CAVE/terminals/term-aaaaaaaaaaaaaaaa/ws", 422],
  ];
  it.each(
    sockets.flatMap(([kind, surface, ...more]) =>
      origins.map((origin) => [kind, origin, surface, ...more] as const),
    ),
  )("decides on a socket to %s from the origin %j", async (_, given, surface, fine, path, granted) => {
    const { cookie, origin } = await house.enter("den", surface);
    const from = given
      .replace("OWN", origin)
      .replace("SIBLING", originOf(8000))
      .replace("OTHER-CAVE", originOf(3000, "lair"))
      .replace("CODE", originOf("code"))
      .replace("DASHBOARD", house.ghost.url);
    const headers = { cookie, ...(from !== "" && { origin: from }) };
    const at = origin + path.replace("CAVE", ids["den"] ?? "");
    const { status, socket } = await house.socket(at, headers);
    socket.terminate();
    expect(status).toBe(fine.includes(given) ? granted : 403);
  });

  it("matters to nobody who brings a token", async () => {
    const headers = { "ghost-token": house.ghost.token };
    const { status, socket } = await house.socket(`${originOf(3000)}/`, headers);
    socket.terminate();
    expect(status).toBe(101);
  });

  it("lets one port's page call another port's API of the same cave", async () => {
    const { cookie, origin } = await house.enter("den", { port: 3000 });
    const from = originOf(8000);
    const asking = {
      origin: from,
      "access-control-request-method": "PUT",
      "access-control-request-headers": "x-a",
    };
    const preflight = await house.get(`${origin}/`, asking, "OPTIONS");
    expect([preflight.status, preflight.headers["access-control-allow-origin"]]).toEqual([204, from]);
    const answer = await house.get(
      `${origin}/`,
      { cookie, origin: from, "sec-fetch-site": "same-site" },
      "PUT",
    );
    expect(house.asked()?.headers.origin).toBe("http://localhost:8000");
    expect(answer.headers["access-control-allow-origin"]).toBe(from);
    const stranger = await house.get(`${origin}/`, { ...asking, origin: originOf(8000, "lair") }, "OPTIONS");
    expect(stranger.status).toBe(401);
  });
});

describe("what is open ends", () => {
  const closes = async (socket: { once: unknown; on: unknown }, end: () => Promise<unknown>) => {
    const closed = once(socket as never, "close");
    await end();
    await closed;
  };

  it("with the token that opened it", async () => {
    const made = await house.ghost.client.accounts.createToken({
      body: { name: "t", scopes: ["caves:ports"] },
    });
    const { cookie, origin } = await house.enter("den", { port: 3000 }, made.secret);
    const { socket } = await house.socket(`${origin}/`, { cookie, origin });
    await closes(socket, () => house.ghost.client.accounts.revokeToken({ params: { id: made.id } }));
    await expect.poll(async () => (await house.get(`${origin}/`, { cookie })).status).toBe(401);
  });

  it("with the session that opened it", async () => {
    const session = await house.signIn();
    const led = await house.get(`http://localhost:${port}/open/3000/den?path=%2Fa`, { cookie: session });
    expect(led.status).toBe(303);
    const entered = await house.get(led.headers.location ?? "");
    expect(entered.headers.location).toBe("/a");
    const cookie = entered.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    const { socket } = await house.socket(`${originOf(3000)}/`, { cookie, origin: originOf(3000) });
    const out = { method: "DELETE", headers: { cookie: session, "sec-fetch-site": "same-origin" } };
    await closes(socket, () => fetch(`${house.ghost.url}/v1/session`, out));
    await expect.poll(async () => (await house.get(`${originOf(3000)}/`, { cookie })).status).toBe(401);
  });

  it("with the cave", async () => {
    const { id } = await house.ghost.client.caves.create({ body: { name: "brief", image: "plain" } });
    const { cookie, origin } = await house.enter("brief", { port: 3000 });
    const { socket } = await house.socket(`${origin}/`, { cookie, origin });
    await closes(socket, () => house.ghost.client.caves.stop({ params: { cave: id } }));
    await house.ghost.client.caves.start({ params: { cave: id } });
    await expect.poll(async () => (await house.get(`${origin}/`, { cookie })).status).toBe(200);
    const again = await house.socket(`${origin}/`, { cookie, origin });
    await closes(again.socket, () => house.ghost.client.caves.remove({ params: { cave: id } }));
    await expect.poll(async () => (await house.get(`${origin}/`, { cookie })).status).toBe(404);
  });
});

describe("a host", () => {
  it.each([
    "http://3000--den.localhost.:PORT/",
    "http://3000--den.evil.example:PORT/",
    "http://3000--den.localhost:1/",
    "http://x.3000--den.localhost:PORT/",
    "http://03000--den.localhost:PORT/",
    "http://70000--den.localhost:PORT/",
    "http://shell--den.localhost:PORT/",
    "http://code--den--x.localhost:PORT/",
    "http://den.localhost:PORT/",
  ])("that is none of ours is misdirected: %s", async (url) => {
    const answer = await house.get(url.replace("PORT", String(port)));
    expect([answer.status, codeOf(answer.body)]).toEqual([421, "misdirected"]);
  });

  it("may have a cave's name: people are led to its id by way of the dashboard", async () => {
    const led = await house.get(`http://3000--den.localhost:${port}/a?b=1`, navigate);
    expect([led.status, led.headers.location]).toEqual([
      303,
      `http://localhost:${port}/open/3000/den?path=%2Fa%3Fb%3D1`,
    ]);
    const nobody = await house.get(`http://3000--nowhere.localhost:${port}/`, navigate);
    expect(nobody.status).toBe(303); // there or not: nobody learns which caves there are
    const stranger = await house.get(`http://localhost:${port}/open/3000/den?path=%2Fa`, navigate);
    expect([stranger.status, stranger.headers.location]).toEqual([
      303,
      `/sign-in?next=${encodeURIComponent("/open/3000/den?path=%2Fa")}`,
    ]);
  });

  it("in a frame tells the dashboard around it that access has ended", async () => {
    const answer = await house.get(`${originOf("code")}/`, { ...navigate, "sec-fetch-dest": "iframe" });
    expect(answer.status).toBe(401);
    expect(answer.body).toContain("ghost:signed-out");
    expect(answer.headers["content-security-policy"]).toContain("frame-ancestors 'self' http://localhost");
  });

  it("serves none of the gateway's own paths to others, and none of the API", async () => {
    const { cookie, origin } = await house.enter("den", { port: 3000 });
    expect((await house.get(`${origin}/.ghost/whatever`, { cookie })).status).toBe(404);
    expect((await house.get(`${origin}/v1/me`, { cookie })).body).toBe("hello from the app at /v1/me");
  });
});

describe("the well-known paths", () => {
  it.each([
    ["/vnc/", "desktop"],
    ["/code-server/", "code"],
    ["/jupyter/", "jupyter"],
  ])("%s leads to the default cave's %s", async (path, surface) => {
    const session = await house.signIn();
    const led = await house.get(`http://localhost:${port}${path}`, { cookie: session });
    expect(led.status).toBe(303);
    const { id } = await house.ghost.client.caves.get({ params: { cave: "default-admin" } });
    expect(led.headers.location).toContain(`http://${surface}--${id}.localhost:${port}/.ghost/enter?ticket=`);
  });
});
