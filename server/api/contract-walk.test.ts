import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../tests/support/test-server.ts";
import type { Endpoint } from "#contract/endpoint.ts";
import { api } from "#contract/index.ts";
import { openApi } from "#contract/openapi.ts";
import { scopes, type Scope } from "#contract/scopes.ts";

const endpoints = Object.entries(api).flatMap(([group, table]) =>
  Object.entries(table as Record<string, Endpoint>).map(([name, endpoint]) => ({
    name: `${group}.${name}`,
    endpoint,
  })),
);

let ghost: TestServer;
beforeAll(async () => {
  ghost = await startTestServer({ inside: {} });
});
afterAll(() => ghost[Symbol.asyncDispose]());

const fill: Record<string, string> = {
  cave: "cave-aaaaaaaaaaaaaaaa",
  pid: "1",
  port: "3000",
  name: "TOKEN",
  run_id: "run-aaaaaaaaaaaaaaaa",
  user: "somebody",
};
const ids: Record<string, string> = {
  terminals: "term-aaaaaaaaaaaaaaaa",
  accounts: "tok-aaaaaaaaaaaaaaaa",
  ports: "link-aaaaaaaaaaaaaaaa",
  runs: "run-aaaaaaaaaaaaaaaa",
};

function send(
  { name, endpoint }: (typeof endpoints)[number],
  token?: string,
  more: { query?: string; body?: unknown } = {},
) {
  const [group = ""] = name.split(".");
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, key: string) =>
    key === "id" ? (ids[group] ?? "") : (fill[key] ?? ""),
  );
  const kind = endpoint.body[0]?.kind;
  return fetch(`${ghost.url}${path}${more.query ?? ""}`, {
    method: endpoint.method.toUpperCase(),
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(kind === "json" && { "content-type": "application/json" }),
    },
    ...(kind === "json" && { body: JSON.stringify(more.body ?? {}) }),
    redirect: "manual",
  });
}

const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code;

/** A test for the endpoints that it is about. */
const given = (is: boolean) => (name: string, test: () => Promise<void>) => {
  if (is) it(name, test);
};

describe.each(endpoints)("$name", (one) => {
  const { endpoint } = one;
  const isPublic = endpoint.access === "public";

  given(!isPublic)("is closed to strangers", async () => {
    const response = await send(one);
    expect(response.status).toBe(401);
    expect(await codeOf(response)).toBe("unauthenticated");
    const wrong = await send(one, `ghost_${"a".repeat(49)}`);
    expect([401, 429]).toContain(wrong.status); // the walk is one address that is wrong very often
  });

  given(!isPublic && endpoint.access !== "signed-in")("needs its scope", async () => {
    const others = (Object.keys(scopes) as Scope[]).filter(
      (scope) => scope !== endpoint.access && scope !== "admin",
    );
    const response = await send(one, await ghost.tokenOf("admin", others));
    expect(response.status).toBe(403);
    expect(await codeOf(response)).toBe("forbidden");
  });

  given(!endpoint.answer.some(({ kind }) => kind === "socket"))("refuses what it does not know", async () => {
    const query = await send(one, ghost.token, { query: "?surprise=1" });
    expect(query.status).toBe(422);
    expect(await codeOf(query)).toBe("invalid_input");
    const proto = await send(one, ghost.token, { query: "?__proto__=1" });
    expect(proto.status).toBe(422);
    const twice = await send(one, ghost.token, { query: "?a=1&a=2" });
    expect(twice.status).toBe(400);
    if (endpoint.body[0]?.kind !== "json") return;
    const body = await send(one, ghost.token, { body: { surprise: 1 } });
    expect(body.status).toBe(422);
  });

  given(endpoint.path.includes("{cave}"))("does not know a cave that is not there", async () => {
    const path = endpoint.path.replace("{cave}", "3000@evil");
    const response = await fetch(ghost.url + path.replace(/\{\w+\}/g, "1"), {
      method: endpoint.method.toUpperCase(),
      headers: { authorization: `Bearer ${ghost.token}` },
    });
    expect([404, 422]).toContain(response.status);
  });
});

describe("another user's things", () => {
  it("are not found", async () => {
    await ghost.client.caves.create({ body: { name: "mine", image: "plain" } });
    const stranger = await ghost.tokenOf(
      "stranger",
      Object.keys(scopes).filter((scope) => scope !== "admin") as Scope[],
      "member",
    );
    const { id } = await ghost.client.caves.get({ params: { cave: "mine" } });
    for (const one of endpoints.filter(({ endpoint }) => endpoint.path.includes("{cave}"))) {
      if (one.endpoint.answer.some(({ kind }) => kind === "socket")) continue;
      fill["cave"] = id;
      const input: Record<string, unknown> = {
        "exec.run": { command: "true" },
        "processes.start": { command: "true" },
        "files.move": { from: "a", to: "b" },
        "files.mkdir": { path: "a" },
        "files.search": { query: "a" },
        "ports.share": { visibility: "public" },
        "surfaces.open": { surface: "code" },
        "files.replace": { path: "a", query: "a", replacement: "b" },
      };
      const needsPath = Object.hasOwn(one.endpoint.query.shape, "path");
      const response = await send(one, stranger, {
        body: input[one.name] ?? {},
        ...(needsPath && { query: "?path=a" }),
      });
      expect([one.name, response.status, await codeOf(response)]).toEqual([one.name, 404, "cave_not_found"]);
    }
    const token = await ghost.client.accounts.createToken({ body: { name: "x", scopes: ["caves:read"] } });
    await expect(ghost.as(stranger).accounts.revokeToken({ params: { id: token.id } })).rejects.toMatchObject(
      {
        code: "token_not_found",
      },
    );
    expect((await ghost.as(stranger).caves.list()).total).toBe(0);
    await ghost.client.accounts.putSecret({ params: { name: "KEY" }, body: { value: "v" } });
    expect((await ghost.as(stranger).accounts.listSecrets()).secrets).toEqual([]);
  });
});

describe("the OpenAPI document", () => {
  it("has every endpoint, resolves its references and is the same each time", async () => {
    const document = openApi(api, { version: "1" });
    const paths = document["paths"] as Record<
      string,
      Record<string, { responses: object; parameters?: { in: string; name: string }[] }>
    >;
    for (const { endpoint } of endpoints) {
      const operation = paths[endpoint.path]?.[endpoint.method];
      expect(operation?.responses, endpoint.path).toBeDefined();
      const inPath = operation?.parameters?.filter((one) => one.in === "path").map((one) => one.name) ?? [];
      expect(inPath.sort()).toEqual([...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort());
    }
    const text = JSON.stringify(document);
    const schemas = (document["components"] as { schemas: object }).schemas;
    for (const [, name = ""] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
      expect(Object.keys(schemas).map((one) => `#/components/schemas/${one}`)).toContain(name);
    }
    expect(JSON.stringify(openApi(api, { version: "1" }))).toBe(text);
    expect(await ghost.client.system.openapi()).toMatchObject({
      openapi: "3.1.0",
      paths: document["paths"] as object,
    });
  });
});
