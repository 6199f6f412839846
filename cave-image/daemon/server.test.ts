import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { isAlive, startDaemon, token, type TestDaemon } from "./testing/daemon.ts";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await startDaemon();
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
});

async function raw(text: string): Promise<string> {
  const socket = connect(daemon.port, "127.0.0.1");
  let said = "";
  socket.setEncoding("latin1").on("data", (more: string) => (said += more));
  socket.on("error", () => undefined); // one that is not read to its end is reset
  socket.end(text);
  await new Promise((resolve) => socket.once("close", resolve));
  return said;
}

describe("the door", () => {
  it.each([undefined, "", "nonsense"])("does not open without the hash of a token: %s", async (hash) => {
    const env = {
      PATH: process.env["PATH"] ?? "",
      ...(hash !== undefined && { GHOST_DAEMON_TOKEN_SHA256: hash }),
    };
    const child = spawn(process.execPath, ["--no-warnings", new URL("main.ts", import.meta.url).pathname], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const said = (await child.stderr.toArray()).join("");
    const [code] = (await once(child, "close").catch(() => [child.exitCode])) as [number];
    expect(code).toBe(78);
    expect(said).toContain("caved does not run without it");
    expect(said.trim().split("\n")).toHaveLength(1);
  });

  it.each([
    ["no token", {}],
    ["another token", { authorization: "Bearer something else" }],
    ["the token without its scheme", { authorization: token }],
    ["an empty one", { authorization: "Bearer " }],
  ])("opens nothing to %s", async (_, headers: Record<string, string>) => {
    for (const [method, path] of [
      ["GET", "/ready"],
      ["POST", "/exec"],
      ["GET", "/nothing"],
      ["PUT", "/files/content?path=x"],
    ] as const) {
      const reply = await daemon.request(method, path, undefined, { authorization: "", ...headers });
      expect([reply.status, reply.json]).toEqual([
        401,
        { code: "unauthenticated", message: expect.any(String) as string },
      ]);
    }
    const upgrade = await raw(
      `GET /terminals/x/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    expect(upgrade).toMatch(/^HTTP\/1.1 401 /);
  });

  it("is open with the token", async () => {
    expect((await daemon.request("GET", "/ready")).json).toMatchObject({ protocol: 2 });
  });
});

describe("bad requests", () => {
  const auth = `Authorization: Bearer ${token}\r\n`;

  it("get an answer, and the daemon lives", async () => {
    for (const text of [
      "nonsense\r\n\r\n",
      `GET /ready HTTP/1.1\r\n${auth}X: ${"y".repeat(100_000)}\r\n\r\n`,
      `GET http://[/ HTTP/1.1\r\nHost: x\r\n${auth}\r\n`,
      `GET ?? HTTP/1.1\r\nHost: x\r\n${auth}Connection: close\r\n\r\n`,
      `POST /exec HTTP/1.1\r\nHost: x\r\n${auth}Content-Length: 10\r\nConnection: close\r\n\r\nabc`,
      `GET /terminals/x/ws HTTP/1.1\r\nHost: x\r\n${auth}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      `GET /elsewhere HTTP/1.1\r\nHost: x\r\n${auth}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    ]) {
      await raw(text);
    }
    const bodies: [string, string, string | Buffer, string][] = [
      ["POST", "/exec", "", "invalid_input"],
      ["POST", "/exec", Buffer.of(0xff, 0xff, 0xff, 0xff), "invalid_input"],
      ["POST", "/exec", Buffer.of(0, 0, 0, 9, 0x7b), "malformed_json"],
      ["POST", "/exec", Buffer.concat([Buffer.of(0, 0, 0, 2), Buffer.from("{}")]), "invalid_input"],
      ["POST", "/processes", "{", "malformed_json"],
      ["POST", "/processes", "[]", "invalid_input"],
      ["POST", "/processes", '{"command":5}', "invalid_input"],
      ["POST", "/processes", '{"argv":["a\\u0000b"]}', "invalid_input"],
      ["POST", "/processes", '{"command":"true","env":{"A B":"x"}}', "invalid_input"],
      ["POST", "/terminals", '{"cols":-1}', "invalid_input"],
      ["GET", "/processes/evil", "", "process_not_found"],
      ["GET", "/processes/__proto__", "", "process_not_found"],
      ["GET", "/constructor", "", "not_found"],
      ["POST", "/services/__proto__/start", "", "surface_unavailable"],
      ["GET", "/files/content?path=a%00b", "", "invalid_input"],
      ["GET", "/files/content", "", "invalid_input"],
      ["GET", "/files/content?path=/etc/hosts&start=x", "", "invalid_input"],
      ["GET", `/files/content?path=${"x".repeat(5000)}`, "", "invalid_input"],
      ["GET", "/files/stat?path=b:%25zz", "", "invalid_input"],
    ];
    for (const [method, path, body, code] of bodies) {
      const reply = await daemon.request(method, path, body);
      expect([path, reply.status, (reply.json as { code: string }).code]).toEqual([path, 422, code]);
    }
    expect((await daemon.request("GET", "/ready")).status).toBe(200);
    expect(daemon.stderr.filter((line) => !line.includes("listens"))).toEqual([]);
  });

  it("that are never finished cost nothing but their connection", async () => {
    const sockets = Array.from({ length: 50 }, () => connect(daemon.port, "127.0.0.1"));
    for (const socket of sockets)
      socket.write(`POST /exec HTTP/1.1\r\nHost: x\r\n${auth}Content-Length: 1000\r\n\r\n\0\0`);
    expect((await daemon.request("GET", "/ready")).status).toBe(200);
    for (const socket of sockets) socket.resetAndDestroy();
    const sockfds = async () => (await readdir(`/proc/${daemon.pid}/fd`)).length;
    await vi.waitFor(async () => expect(await sockfds()).toBeLessThan(45));
  });
});

describe("SIGTERM", () => {
  it("ends what runs, also what does not listen, and then the daemon", async () => {
    const other = await startDaemon();
    const started = await other.request("POST", "/processes", {
      command: "trap '' TERM; sleep 60 & wait; wait",
      cwd: other.folder,
    });
    const { pid } = started.json as { pid: number };
    await other.request("POST", "/terminals", { cwd: other.folder });
    process.kill(other.pid, "SIGTERM");
    expect(await other.exited).toBe(0);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
    await other[Symbol.asyncDispose]();
  });
});
