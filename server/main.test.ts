import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "ghost-main-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function start(program: "main" | "admin", args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${program}.ts`), ...args], {
    env: { PATH: process.env["PATH"] ?? "", GHOST_HOME: home, GHOST_BACKENDS: "memory", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { child, stderr: text(child.stderr), ended: once(child, "exit").then(([code]) => code as number) };
}

async function ready(child: ReturnType<typeof start>["child"]): Promise<number> {
  for await (const chunk of child.stdout) {
    const port = /"port":(\d+)/.exec(String(chunk))?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error("It ended.");
}

it("serves until it is told to stop, one gateway per home", async () => {
  const first = start("main", [], { GHOST_PORT: "0" });
  const port = await ready(first.child);
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  expect(existsSync(join(home, "gateway.pid"))).toBe(true);

  const second = start("main", [], { GHOST_PORT: "0" });
  expect([await second.ended, await second.stderr]).toEqual([
    1,
    expect.stringContaining("A gateway already runs on"),
  ]);

  const admin = start("admin", ["sign-in-url"], { GHOST_PORT: String(port) });
  const url = (await text(admin.child.stdout)).trim();
  expect([await admin.ended, url]).toEqual([
    0,
    expect.stringMatching(/^http:\/\/localhost:\d+\/sign-in#ticket=[\w-]{43}$/),
  ]);

  first.child.kill("SIGTERM");
  expect([await first.ended, await first.stderr]).toEqual([0, ""]);
  expect(existsSync(join(home, "gateway.pid"))).toBe(false);
});

it("says in one message why it cannot start", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const inUse = start("main", [], { GHOST_PORT: String(port) });
  expect([await inUse.ended, await inUse.stderr]).toEqual([
    1,
    expect.stringMatching(/^Port \d+ on 127.0.0.1 is taken\. .*GHOST_PORT.*\n$/),
  ]);
  taken.close();
  const wrong = start("main", [], { GHOST_PORT: "http", GHOST_URL: "nowhere" });
  expect([await wrong.ended, await wrong.stderr]).toEqual([
    1,
    expect.stringMatching(/GHOST_URL[^]*GHOST_PORT/),
  ]);
});
