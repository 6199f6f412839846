import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../tests/support/test-server.ts";
import { issueSignInUrl } from "./sign-in.ts";
import { GhostError } from "#contract/client.ts";

const hour = 3_600_000;

/** A clock that stands still until it is moved. */
function clock() {
  let at = Date.parse("2026-01-01T00:00:00Z");
  return { now: () => new Date(at), move: (ms: number) => void (at += ms) };
}

async function ticketOf(ghost: TestServer, name = "admin"): Promise<string> {
  const user = await ghost.ctx.store.accounts.find(name);
  return (
    new URLSearchParams(new URL(await issueSignInUrl(ghost.ctx, user?.id ?? "")).hash.slice(1)).get(
      "ticket",
    ) ?? ""
  );
}

async function signIn(
  ghost: TestServer,
  ticket: string,
): Promise<{ status: number; cookie: string; whole: string }> {
  const response = await fetch(`${ghost.url}/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ticket }),
  });
  const whole = response.headers.get("set-cookie") ?? "";
  return { status: response.status, whole, cookie: whole.split(";", 1)[0] ?? "" };
}

const withCookie = (ghost: TestServer, cookie: string, init: RequestInit = {}, path = "/v1/me") =>
  fetch(ghost.url + path, { ...init, headers: { cookie, ...(init.headers as Record<string, string>) } });

it("signs in once with a ticket, and out again", async () => {
  await using ghost = await startTestServer({ inside: {} });
  const ticket = await ticketOf(ghost);
  const { status, cookie, whole } = await signIn(ghost, ticket);
  expect(status).toBe(200);
  for (const part of ["__Host-ghost_session=", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"])
    expect(whole).toContain(part);
  expect(whole).not.toContain("Domain");
  expect((await signIn(ghost, ticket)).status).toBe(401);
  expect(await (await withCookie(ghost, cookie)).json()).toMatchObject({
    via: "session",
    user: { name: "admin" },
  });
  expect((await withCookie(ghost, `${cookie}; ${cookie}`)).status).toBe(401);
  const out = await withCookie(
    ghost,
    cookie,
    { method: "DELETE", headers: { "sec-fetch-site": "same-origin" } },
    "/v1/session",
  );
  expect([out.status, out.headers.get("set-cookie")?.includes("Max-Age=0")]).toEqual([204, true]);
  expect((await withCookie(ghost, cookie)).status).toBe(401);
});

it("ends tickets after an hour, sessions after a day without use or a month, tokens when they say", async () => {
  const time = clock();
  await using ghost = await startTestServer({ inside: {}, now: time.now });
  const late = await ticketOf(ghost);
  const { cookie } = await signIn(ghost, await ticketOf(ghost));
  time.move(hour);
  expect((await signIn(ghost, late)).status).toBe(401);
  const token = await ghost.tokenOf("admin");
  for (let day = 0; day < 29; day++) {
    time.move(22 * hour);
    expect((await withCookie(ghost, cookie)).status).toBe(200);
    await expect.poll(async () => (await withCookie(ghost, cookie)).status).toBe(200);
  }
  await expect(ghost.as(token).accounts.me()).rejects.toMatchObject({ code: "unauthenticated" });
  time.move(72 * hour);
  expect((await withCookie(ghost, cookie)).status).toBe(401);
});

it.each([
  [{ "sec-fetch-site": "same-origin" }, 201],
  [{ "sec-fetch-site": "none" }, 201],
  [{ "sec-fetch-site": "same-site" }, 403],
  [{ "sec-fetch-site": "cross-site" }, 403],
  [{ "sec-fetch-site": "cross-site", origin: "OWN" }, 403],
  [{ origin: "OWN" }, 201],
  [{ origin: "null" }, 403],
  [{ origin: "http://localhost.evil.example" }, 403],
  [{}, 403],
])("takes a change by cookie with %j as it should", async (given, status) => {
  await using ghost = await startTestServer({ inside: {} });
  const { cookie } = await signIn(ghost, await ticketOf(ghost));
  const headers = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, value.replace("OWN", ghost.url)]),
  );
  const init = { method: "POST", body: JSON.stringify({ name: "t", scopes: ["caves:read"] }) };
  const response = await withCookie(
    ghost,
    cookie,
    { ...init, headers: { "content-type": "application/json", ...headers } },
    "/v1/tokens",
  );
  expect(response.status).toBe(status);
});

it("lets nobody give more than they have", async () => {
  await using ghost = await startTestServer({ inside: {} });
  const few = ghost.as(await ghost.tokenOf("admin", ["tokens", "caves:read"]));
  await expect(
    few.accounts.createToken({ body: { name: "t", scopes: ["caves:exec"] } }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await expect(few.accounts.createToken({ body: { name: "t", scopes: ["admin"] } })).rejects.toMatchObject({
    code: "forbidden",
  });
  const member = ghost.as(await ghost.tokenOf("mia", ["admin", "tokens"], "member"));
  expect((await member.accounts.me()).scopes).toEqual(["tokens"]);
  await expect(member.accounts.listUsers()).rejects.toMatchObject({ code: "forbidden" });
  const made = await few.accounts.createToken({ body: { name: "t", scopes: ["caves:read"] } });
  expect((await ghost.as(made.secret).accounts.me()).scopes).toEqual(["caves:read"]);
  expect(JSON.stringify(await few.accounts.listTokens())).not.toContain(made.secret);
});

it("shuts users out at once, with what they have open", async () => {
  await using ghost = await startTestServer({ inside: {} });
  const mia = ghost.as(await ghost.tokenOf("mia", ["caves:read", "caves:write"], "member"));
  await mia.caves.create({ body: { name: "den", image: "plain" } });
  const follow = async () => {
    for await (const { data } of mia.caves.events.events()) if (data.type === "cave") opened.resolve(data);
  };
  const opened = Promise.withResolvers<unknown>();
  const ended = follow().catch((error: unknown) => error);
  await opened.promise;
  await ghost.client.accounts.patchUser({ params: { user: "mia" }, body: { disabled: true } });
  expect(await ended).toBeInstanceOf(GhostError);
  await expect(mia.accounts.me()).rejects.toMatchObject({ code: "unauthenticated" });
  await ghost.client.accounts.removeUser({ params: { user: "mia" } });
  expect((await ghost.client.caves.list()).total).toBe(0);
  expect((await ghost.client.accounts.listUsers()).users.map(({ name }) => name)).toEqual(["admin"]);
  await expect(ghost.client.accounts.removeUser({ params: { user: "admin" } })).rejects.toMatchObject({
    code: "bad_request",
  });
});

it("slows down whoever sends wrong credentials, and nobody else", async () => {
  await using ghost = await startTestServer({ inside: {} });
  const wrong = () => fetch(`${ghost.url}/v1/me`, { headers: { authorization: "Bearer ghost_wrong" } });
  const statuses = [];
  for (let i = 0; i < 31; i++) statuses.push((await wrong()).status);
  expect(statuses.slice(0, 30).every((status) => status === 401)).toBe(true);
  expect(statuses[30]).toBe(429);
  expect(Number((await wrong()).headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await ghost.client.accounts.me()).user.name).toBe("admin");
});

it("keeps no secret in its database, and tells none to its log", async () => {
  await using ghost = await startTestServer({ inside: {} });
  const ticket = await ticketOf(ghost);
  const { cookie } = await signIn(ghost, ticket);
  const { secret } = await ghost.client.accounts.createToken({ body: { name: "t", scopes: ["caves:read"] } });
  await ghost.as(secret).caves.list();
  await ghost.client.accounts.putSecret({ params: { name: "KEY" }, body: { value: "a-very-secret-value" } });
  await ghost
    .as(`${secret}x`)
    .caves.list()
    .catch(() => undefined);
  await ghost.client.system.audit();
  const kept = readdirSync(ghost.home)
    .filter((name) => name !== "master.key")
    .map((name) => readFileSync(join(ghost.home, name)).toString("latin1"));
  for (const value of [ticket, cookie.split("=")[1] ?? "?", secret, ghost.token, "a-very-secret-value"]) {
    for (const place of [...kept, ghost.log()]) expect(place.includes(value)).toBe(false);
  }
});
