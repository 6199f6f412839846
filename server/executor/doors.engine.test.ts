import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { runCli } from "../../cli/testing/run-cli.ts";
import { startRunner, type Runner } from "./testing/runner.ts";
import { Executor } from "#contract/executor.ts";

let runner: Runner;
let folder: string;
beforeAll(async () => {
  runner = await startRunner({ GHOST_EXECUTOR_POOL: "python=2,bash=1,javascript=0" });
  folder = await mkdtemp(join(tmpdir(), "ghost-run-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await runner[Symbol.asyncDispose]();
});
const cli = (words: readonly string[], given: Parameters<typeof runCli>[2] = {}) =>
  runCli({ url: runner.server.url, token: runner.server.token }, words, given);
const post = async (path: string, body: unknown) => {
  const response = await fetch(`${runner.server.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${runner.server.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe("ghost run", () => {
  it("runs a file with others, arguments and stdin, and passes on output and exit code", async () => {
    await writeFile(
      join(folder, "main.py"),
      "import sys; print(sys.argv[1:], sys.stdin.read(), open('data.json').read()); print('err', file=sys.stderr); sys.exit(5)",
    );
    await writeFile(join(folder, "data.json"), "{}");
    const words = [
      "run",
      join(folder, "main.py"),
      "--stdin",
      "-",
      "--file",
      join(folder, "data.json"),
      "--",
      "a",
      "b c",
    ];
    const ran = await cli(words, { stdin: "given" });
    expect(ran).toMatchObject({ code: 5, stdout: "['a', 'b c'] given {}\n", stderr: "err\n" });
  });

  it("tells a verdict in words and as a code", async () => {
    const late = await cli(["run", "-l", "python", "-c", "while True: pass", "-t", "300ms"]);
    expect(late).toMatchObject({ code: 124, stderr: expect.stringContaining("the time was up") as string });
    const killed = await cli(["run", "-l", "bash", "-c", "kill -SEGV $$", "--json"]);
    expect(killed.code).toBe(139);
    expect(JSON.parse(killed.stdout)).toMatchObject({ status: "runtime_error", signal: "SIGSEGV" });
    expect(await cli(["run", "-l", "cobol", "-c", "x"])).toMatchObject({ code: 125 });
    expect(await cli(["run"])).toMatchObject({ code: 125 });
  });

  it("lists the languages and changes how many wait", async () => {
    expect((await cli(["languages"])).stdout).toMatch(/^LANGUAGE +VERSION[^]*python/);
    expect((await cli(["languages", "warm", "bash", "2"])).code).toBe(0);
    const { languages } = await runner.client.runs.languages();
    expect(languages.find(({ name }) => name === "bash")?.pool.target).toBe(2);
  });

  it("asks an image for its version without keeping one of it waiting", async () => {
    const c = async () => (await runner.client.runs.languages()).languages.find(({ name }) => name === "c");
    await expect.poll(async () => (await c())?.version, { timeout: 20_000 }).toMatch(/^\d+/);
    expect((await c())?.pool).toMatchObject({ target: 0, hits: 0, misses: 0 });
  });
});

describe("the dialects", () => {
  it("answers isobox", async () => {
    expect(await post("/execute", { language: "node", code: "console.log(6 * 7); process.exit(3)" })).toEqual(
      {
        status: 200,
        body: { stdout: "42\n", stderr: "", exit_code: 3 },
      },
    );
  });

  it("answers runs with logs, with live events", async () => {
    const ran = await post("/api/runs", { language: "python", code: "print(1)", timeout_sec: 5 });
    expect(ran.body).toMatchObject({
      status: "completed",
      stdout: "1\n",
      stderr: "",
      exit_code: 0,
      language: "python",
    });
    const late = await post("/api/runs", { language: "python", code: "while True: pass", timeout_sec: 0.3 });
    expect(late.body).toMatchObject({ status: "timeout", exit_code: 124 });
    const open = await post("/api/runs?wait=false", {
      language: "bash",
      code: "echo one; sleep .2; echo two >&2",
      timeout_sec: 5,
    });
    expect(open).toMatchObject({ status: 202, body: { status: "running", exit_code: null } });
    const { run_id: id } = open.body as { run_id: string };
    const socket = new WebSocket(`${runner.server.url.replace("http", "ws")}/api/runs/ws/${id}/logs`, {
      headers: { authorization: `Bearer ${runner.server.token}` },
    });
    const seen: { type: string; data: unknown }[] = [];
    socket.on("message", (data: Buffer) => seen.push(JSON.parse(data.toString()) as (typeof seen)[number]));
    await new Promise((resolve) => socket.on("close", resolve));
    expect(seen).toEqual([
      { type: "stdout", data: "one\n" },
      { type: "stderr", data: "two\n" },
      { type: "complete", data: expect.objectContaining({ run_id: id, status: "completed" }) as unknown },
    ]);
  });

  it("is a client and a tool for agents", async () => {
    const executor = new Executor({ url: runner.server.url, token: runner.server.token });
    expect(await executor.executePython("print(2)")).toMatchObject({ status: "ok", stdout: "2\n" });
    const batch = await executor.batch([
      { language: "python", code: "print(1)" },
      { language: "bash", code: "echo 2" },
    ]);
    expect(batch.map(({ stdout }) => stdout)).toEqual(["1\n", "2\n"]);
    const { tool } = executor;
    expect(tool.name).toBe("execute_code");
    expect(tool.schema).toMatchObject({ type: "object", required: ["language", "code"] });
    const ran = await tool.execute({
      language: "python",
      code: "print(open('a.txt').read(), input())",
      files: { "a.txt": "A" },
      stdin: "B",
      timeout: 5,
      mem_limit: 256,
    });
    expect(ran).toMatchObject({ status: "ok", stdout: "A B\n", limits: { memoryMb: 256, timeoutMs: 5000 } });
  });
});

describe("when there is no place", () => {
  it("says how long the queue is and when to come back", async () => {
    await using busy = await startRunner({
      GHOST_EXECUTOR_CONCURRENCY: "1",
      GHOST_EXECUTOR_QUEUE: "1",
      GHOST_EXECUTOR_POOL: "bash=1",
    });
    const body = { language: "bash", code: "sleep 30", wait: false };
    const first = await busy.client.runs.create({ body });
    const second = await busy.client.runs.create({ body });
    const response = await fetch(`${busy.server.url}/v1/runs`, {
      method: "POST",
      headers: { authorization: `Bearer ${busy.server.token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({
      error: { code: "executor_busy", details: { position: 2 } },
    });
    for (const { id } of [second, first]) {
      expect(await busy.client.runs.cancel({ params: { id } })).toMatchObject({ status: "cancelled" });
    }
    expect(await busy.run("bash", "echo next")).toMatchObject({ status: "ok" });
  });
});
