import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GatewayProcess, startGateway } from "../support/gateway-process.ts";

const cli = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

/** The README's five minutes, by the CLI, against the real thing. */
describe("a first cave", () => {
  let ghost: GatewayProcess;
  let folder: string;

  beforeAll(async () => {
    ghost = await startGateway();
    folder = await mkdtemp(join(tmpdir(), "ghost-first-"));
  });
  afterAll(async () => {
    await ghost[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(
    args: string[],
    stdin = "",
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const { GHOST_URL: _url, GHOST_TOKEN: _token, ...env } = process.env;
    const child = spawn(process.execPath, [cli, ...args], {
      env: { ...env, GHOST_HOME: ghost.home, NO_COLOR: "1" },
    });
    child.stdin.end(stdin);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit") as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  }

  it("is created, with progress", async () => {
    const { code, stdout, stderr } = await run([
      "create",
      "lab",
      "--image",
      "ghost/cave:base",
      "--memory",
      "512m",
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "lab\n" });
    expect(stderr).toContain("ready");
  });

  it("runs code, and passes output and exit code on", async () => {
    expect(await run(["exec", "lab", "--language", "python", "print(6 * 7)"])).toMatchObject({
      code: 0,
      stdout: "42\n",
    });
    expect(
      await run(["exec", "lab", "--language", "node", "console.log(process.version.startsWith('v24'))"]),
    ).toMatchObject({
      code: 0,
      stdout: "true\n",
    });
    expect(await run(["exec", "lab", "echo out; echo err >&2; exit 3"])).toEqual({
      code: 3,
      stdout: "out\n",
      stderr: "err\n",
    });
    expect(await run(["exec", "lab", "tr a-z A-Z"], "hello\n")).toMatchObject({ code: 0, stdout: "HELLO\n" });
  });

  it("takes files and folders, and gives them back", async () => {
    const data = join(folder, "data");
    await mkdir(join(data, "deep"), { recursive: true });
    await writeFile(join(data, "deep", "bytes"), Buffer.from([0, 255, 10, 13, 128]));
    await writeFile(join(data, "name with spaces"), "text");
    expect(await run(["cp", data, "lab:/workspace/data"])).toMatchObject({ code: 0 });
    expect(await run(["exec", "lab", "--", "find", "data", "-type", "f"])).toMatchObject({
      stdout: expect.stringContaining("data/name with spaces\n") as string,
    });
    expect(await run(["cp", "lab:/workspace/data/deep/bytes", join(folder, "back")])).toMatchObject({
      code: 0,
    });
    expect([...(await readFile(join(folder, "back")))]).toEqual([0, 255, 10, 13, 128]);
  });

  it("is listed, stopped and started with its workspace", async () => {
    const { stdout } = await run(["list", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject([{ name: "lab", state: "running", limits: { memoryMb: 512 } }]);
    expect(await run(["stop", "lab"])).toMatchObject({ code: 0 });
    expect(await run(["exec", "lab", "true"])).toMatchObject({
      code: 125,
      stderr: expect.stringContaining("cave_state") as string,
    });
    expect(await run(["start", "lab"])).toMatchObject({ code: 0 });
    expect(await run(["exec", "lab", "cat 'data/name with spaces'"])).toMatchObject({
      code: 0,
      stdout: "text",
    });
  });

  it("is destroyed, and nothing answers to its name", async () => {
    expect(await run(["destroy", "lab", "--yes"])).toMatchObject({ code: 0 });
    expect(await run(["info", "lab"])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("cave_not_found") as string,
    });
  });

  it("says what to do when Ghost does not run", async () => {
    await ghost.kill("SIGTERM");
    const { code, stderr } = await run(["list"]);
    expect(code).toBe(5);
    expect(stderr).toContain("npm run up");
    await ghost.start();
  });
});
