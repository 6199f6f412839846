import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isAlive, startDaemon, token, type TestDaemon } from "../testing/daemon.ts";
import type { ServiceState } from "#contract/cave.ts";

/** Stands for code-server: answers on the socket that it is given, and ends when asked for /end. */
const stub = `#!${process.execPath}
const { createServer } = require("node:http");
const socket = process.argv[process.argv.indexOf("--socket") + 1];
console.log("stub begins", process.pid, "with", process.argv.slice(2).join(" "));
if (process.env.HOME && require("node:fs").existsSync(process.env.HOME + "/broken")) process.exit(3);
createServer((req, res) => {
  if (req.url === "/end") process.exit(9);
  res.end("hello from " + process.pid);
}).listen(socket);
`;

let folder: string;
let daemon: TestDaemon;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "caved-services-"));
  await chmod(folder, 0o755);
  await mkdir(`${folder}/bin`);
  await mkdir(`${folder}/run`);
  await chmod(`${folder}/run`, 0o777);
  await writeFile(`${folder}/bin/code-server`, stub, { mode: 0o755 });
  daemon = await startDaemon({
    PATH: `${folder}/bin:/usr/bin:/bin`,
    GHOST_DAEMON_RUN: `${folder}/run`,
  });
});
afterEach(async () => {
  await daemon[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const state = async () =>
  ((await daemon.request("GET", "/services")).json as Record<string, ServiceState>)["code"];
const ask = async (verb: string): Promise<ServiceState> =>
  (await daemon.request("POST", `/services/code/${verb}`)).json;
const logs = async () => (await daemon.request("GET", "/services/code/logs")).body.toString();

/** What the service says to a request over the connection that the daemon makes to it. */
async function through(path: string): Promise<string> {
  const socket = connect(daemon.port, "127.0.0.1");
  socket.write(
    `GET /services/code/connect HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: Upgrade\r\nUpgrade: ghost-stream\r\n\r\n`,
  );
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return (await socket.toArray()).join("");
}

describe("a service", () => {
  it("that the image has not is not listed, and says so", async () => {
    const services = (await daemon.request("GET", "/services")).json as Record<string, ServiceState>;
    expect(Object.keys(services)).toEqual(["code"]);
    const reply = await daemon.request("POST", "/services/desktop/start");
    expect([reply.status, reply.json]).toEqual([
      422,
      { code: "surface_unavailable", message: "This cave's image has no desktop." },
    ]);
  });

  it("runs from when it is first asked for, is reachable, and stops", async () => {
    expect(await state()).toMatchObject({ state: "stopped" });
    expect(await through("/")).toMatch(/^HTTP\/1.1 404 [\s\S]*"surface_stopped"/);
    const [first, second] = await Promise.all([ask("start"), ask("start")]);
    expect([first.state, second.state]).toEqual(["ready", "ready"]);
    const reply = await through("/");
    expect(reply).toMatch(/^HTTP\/1.1 101 [\s\S]*HTTP\/1.1 200 OK/);
    const pid = Number(/hello from (\d+)/.exec(reply)?.[1]);
    expect(await logs()).toContain(`stub begins ${pid}`);
    expect((await logs()).match(/stub begins/g)).toHaveLength(1);
    expect(await logs()).toContain(" --reconnection-grace-time 600 /");
    expect(await ask("stop")).toMatchObject({ state: "stopped" });
    expect(isAlive(pid)).toBe(false);
    expect(await ask("start")).toMatchObject({ state: "ready" });
  });

  it("is started again when it ends", async () => {
    await ask("start");
    await through("/end");
    await vi.waitFor(async () => expect((await logs()).match(/stub begins/g)).toHaveLength(2), 3000);
    await vi.waitFor(async () => expect(await state()).toMatchObject({ state: "ready" }), 3000);
    expect(await logs()).toContain("code: code-server ended with code 9.");
  });

  it("that keeps ending is given up, with the reason, and may be tried again", async () => {
    await writeFile(`${daemon.folder}/broken`, "");
    const failed = await ask("start");
    expect(failed).toMatchObject({
      state: "failed",
      reason: expect.stringContaining("ended with code 3") as string,
    });
    expect((await logs()).match(/stub begins/g)).toHaveLength(6);
    await rm(`${daemon.folder}/broken`);
    expect(await ask("start")).toMatchObject({ state: "ready" });
  });
});
