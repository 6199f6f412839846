import { fileURLToPath } from "node:url";
import { spawn } from "@lydell/node-pty";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GatewayProcess, startGateway } from "../support/gateway-process.ts";

const cli = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const lines = 3000;

/** `ghost shell` on a real terminal, to a real cave, through a gateway that is killed. */
describe("a shell", () => {
  let ghost: GatewayProcess;

  beforeAll(async () => {
    ghost = await startGateway();
    await ghost.client.caves.create({ body: { name: "lab", image: "ghost/cave:base" } });
  });
  afterAll(async () => ghost[Symbol.asyncDispose]());

  function open() {
    const { GHOST_URL: _url, GHOST_TOKEN: _token, ...env } = process.env;
    const shell = spawn(process.execPath, [cli, "shell", "lab"], {
      cols: 100,
      rows: 30,
      env: { ...env, GHOST_HOME: ghost.home, TERM: "xterm-256color" },
    });
    let seen = "";
    shell.onData((data) => (seen += data));
    const { promise: exited, resolve } = Promise.withResolvers<number>();
    shell.onExit(({ exitCode }) => resolve(exitCode));
    return { shell, exited, seen: () => seen };
  }

  it("resizes with the window and passes the exit code on", async () => {
    const { shell, exited, seen } = open();
    await expect.poll(seen, { timeout: 10_000 }).toContain("$ ");
    shell.resize(77, 19);
    await expect
      .poll(
        () => {
          shell.write("stty size\r");
          return seen();
        },
        { timeout: 10_000, interval: 200 },
      )
      .toContain("19 77");
    shell.write("exit 7\r");
    expect(await exited).toBe(7);
  });

  it("loses and doubles nothing while the gateway is killed and comes back", async () => {
    const { shell, exited, seen } = open();
    await expect.poll(seen, { timeout: 10_000 }).toContain("$ ");
    shell.write(`for i in $(seq 1 ${lines}); do echo "line:$i:"; sleep 0.002; done; exit 5\r`);
    for (const mark of [200, 900, 1800]) {
      await expect.poll(seen, { timeout: 30_000, interval: 20 }).toContain(`line:${mark}:`);
      await ghost.kill("SIGKILL");
      await ghost.start();
    }
    expect(await exited).toBe(5);
    const numbers = [...seen().matchAll(/line:(\d+):/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual(Array.from({ length: lines }, (_, index) => index + 1));
  });
});
