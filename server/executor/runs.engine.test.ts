import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { startRunner, type Runner } from "./testing/runner.ts";
import type { RunLog } from "#contract/run.ts";

let runner: Runner;
beforeAll(async () => {
  runner = await startRunner();
});
afterAll(() => runner[Symbol.asyncDispose]());

const hello = {
  python: "import sys; print('hello', sys.argv[1], sys.stdin.read())",
  javascript:
    "let s = ''; process.stdin.on('data', (d) => (s += d)).on('end', () => console.log('hello', process.argv[2], s))",
  typescript:
    "enum E { A = 'hello' }\nlet s: string = ''; process.stdin.on('data', (d: Buffer) => { s += d }).on('end', () => console.log(E.A, process.argv[2], s))",
  bash: 'echo hello "$1" "$(cat)"',
};

describe.each(Object.entries(hello))("%s", (language, code) => {
  it("gets its arguments and stdin, and a container of its own", async () => {
    const run = await runner.run(language, code, { args: ["wide world"], stdin: "from stdin é" });
    expect(run).toMatchObject({
      status: "ok",
      exitCode: 0,
      stdout: "hello wide world from stdin é\n",
      stderr: "",
    });
    expect(run.cpuMs).toBeGreaterThan(0);
    expect(run.memoryPeakBytes).toBeGreaterThan(1_000_000);
    expect(run.pidsPeak).toBeGreaterThan(0);
  });
});

describe("a run", () => {
  it("finds its files, text and bytes, in folders", async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    const run = await runner.run(
      "python",
      "import helper.deep as d, hashlib; print(d.value, hashlib.sha256(open('data/raw.bin','rb').read()).hexdigest())",
      { files: { "helper/deep.py": "value = 42", "data/raw.bin": { base64: bytes.toString("base64") } } },
    );
    expect(run.stdout).toBe(`42 ${createHash("sha256").update(bytes).digest("hex")}\n`);
  });

  it("refuses files that lead out of its folder", async () => {
    for (const path of ["../x", "/etc/x", "a/../b", "a//b", "", "a\0b", "main.py", "x".repeat(300)]) {
      await expect(runner.run("python", "", { files: { [path]: "" } }), path).rejects.toMatchObject({
        code: "invalid_input",
      });
    }
  });

  it("tells what a program that fails did, and with which signal one died", async () => {
    expect(await runner.run("python", "import sys; print('out'); sys.exit(3)")).toMatchObject({
      status: "runtime_error",
      exitCode: 3,
      stdout: "out\n",
    });
    const error = await runner.run("python", "def f():\n  return nope\nf()");
    expect(error.status).toBe("runtime_error");
    expect(error.stderr).toMatch(/^Traceback .*\n {2}File "\/work\/main.py", line 3, in <module>/);
    expect(await runner.run("bash", "kill -SEGV $$")).toMatchObject({
      status: "runtime_error",
      exitCode: null,
      signal: "SIGSEGV",
    });
  });

  it.each([
    ["ends", "", /^$/],
    ["exits", "process.exit(3)", /^$/],
    ["throws", "throw new Error('no')", /Error: no\n/],
    ["rejects", "Promise.reject(new Error('no'))", /Error: no\n/],
  ])("tells a JavaScript program that %s of it once, and takes its last word", async (_, last, stderr) => {
    const code = `process.on("exit", () => { console.log("bye"); process.exitCode = 5; }); ${last}`;
    expect(await runner.run("javascript", code)).toMatchObject({
      stdout: "bye\n",
      stderr: expect.stringMatching(stderr) as string,
      exitCode: 5,
    });
  });

  it("keeps bytes that are no text as they are, and text whole", async () => {
    const run = await runner.run("python", "import sys; sys.stdout.buffer.write(bytes(range(256)) * 300)");
    expect(run.encoding.stdout).toBe("base64");
    const expected = Buffer.concat(Array.from({ length: 300 }, () => Buffer.from([...Array(256).keys()])));
    expect(Buffer.from(run.stdout, "base64").equals(expected)).toBe(true);
    const text = await runner.run("python", "print('é漢😀' * 50000)");
    expect(text.encoding.stdout).toBe("utf8");
    expect(text.stdout).toBe(`${"é漢😀".repeat(50_000)}\n`);
  });

  it("takes a large stdin that nobody reads, and one that is echoed", async () => {
    const stdin = "0123456789abcdef".repeat(500_000);
    expect(await runner.run("bash", "echo done", { stdin })).toMatchObject({
      status: "ok",
      stdout: "done\n",
    });
    const echoed = await runner.run("bash", "exec cat", { stdin, maxOutputBytes: 8_388_608 });
    expect(echoed.stdout === stdin).toBe(true);
  });

  it("can be given other limits than those a slot waits with", async () => {
    const code =
      "print(sum(1 for _ in open('/sys/fs/cgroup/memory/memory.limit_in_bytes')) and open('/sys/fs/cgroup/memory/memory.limit_in_bytes').read())";
    const run = await runner.run("python", code, { memoryMb: 100, cpuMillis: 500 });
    expect(run.stdout.trim()).toBe(String(100 * 2 ** 20));
    const heap = "console.log(Math.round(require('v8').getHeapStatistics().heap_size_limit / 1048576) > 700)";
    expect((await runner.run("javascript", heap, { memoryMb: 800 })).stdout).toBe("true\n");
  });

  it("has no way into the network unless it was asked for", async () => {
    const code =
      "import socket\ntry:\n  socket.create_connection(('1.1.1.1', 53), 2); print('connected')\nexcept OSError as e: print(e.strerror)";
    expect((await runner.run("python", code)).stdout).toBe("Network is unreachable\n");
    const interfaces = "import os; print(sorted(os.listdir('/sys/class/net')))";
    expect((await runner.run("python", interfaces)).stdout).toBe("['lo']\n");
    const connected = await runner.run("python", interfaces, { network: true });
    expect(connected.stdout).toBe("['eth0', 'lo']\n");
    expect(connected.warm).toBe(false);
  });

  it("checks types when it is asked to", async () => {
    const code = "const n: number = 'text';\nconsole.log(n);";
    expect(await runner.run("typescript", code)).toMatchObject({ status: "ok", stdout: "text\n" });
    const checked = await runner.run("typescript", code, { typecheck: true, cpuMillis: 2000 });
    expect(checked).toMatchObject({ status: "compile_error", stage: "compile", exitCode: 2 });
    expect(checked.compileOutput).toContain("error TS2322");
  });

  it("tells its output in order, with times", async () => {
    const code =
      "import sys, time\nfor i in range(3):\n  print(i, flush=True); time.sleep(.02); print(-i, file=sys.stderr, flush=True); time.sleep(.02)";
    const run = await runner.client.runs.create({
      query: { events: true },
      body: { language: "python", code },
    });
    expect(run.events?.map(({ stream, data }) => [stream, data])).toEqual([
      ["stdout", "0\n"],
      ["stderr", "0\n"],
      ["stdout", "1\n"],
      ["stderr", "-1\n"],
      ["stdout", "2\n"],
      ["stderr", "-2\n"],
    ]);
    const times = run.events?.map(({ atMs }) => atMs) ?? [];
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it("is refused a language and a runtime that are not there", async () => {
    await expect(runner.run("cobol", "")).rejects.toMatchObject({ code: "language_not_found", status: 404 });
    await expect(runner.run("python", "", { runtime: "runsc" })).rejects.toMatchObject({
      code: "unsupported",
      details: { runtimes: expect.arrayContaining(["runc"]) as string[] },
    });
    expect(await runner.run("python", "print(1)", { runtime: "runc" })).toMatchObject({ status: "ok" });
  });
});

describe("the history", () => {
  it("keeps a run with its output and what was asked, until it is deleted", async () => {
    const { client } = runner;
    const { id } = await runner.run("python", "print('kept')", { args: ["a"] });
    expect(await client.runs.get({ params: { id } })).toMatchObject({ id, stdout: "kept\n" });
    const source = await client.runs.source({ params: { id } });
    expect(source.input).toMatchObject({ language: "python", code: "print('kept')", args: ["a"] });
    const listed = await client.runs.list({ query: { language: "python", limit: 1 } });
    expect(listed.runs.map((run) => run.id)).toEqual([id]);
    const next = await client.runs.list({
      query: { language: "python", limit: 1, cursor: listed.nextCursor ?? "" },
    });
    expect(next.runs[0]?.id).not.toBe(id);
    const other = runner.server.as(await runner.server.tokenOf("bob", ["runs"], "member"));
    await expect(other.runs.get({ params: { id } })).rejects.toMatchObject({ code: "run_not_found" });
    await client.runs.remove({ params: { id } });
    await expect(client.runs.get({ params: { id } })).rejects.toMatchObject({ code: "run_not_found" });
  });

  it("makes one run of one key, and refuses the key for another request", async () => {
    const headers = { "idempotency-key": "once" };
    const body = { language: "python", code: "import uuid; print(uuid.uuid4())" };
    const runs = await Promise.all([1, 2, 3].map(() => runner.client.runs.create({ body, headers })));
    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(1);
    await expect(
      runner.client.runs.create({ body: { ...body, code: "print(2)" }, headers }),
    ).rejects.toMatchObject({ code: "idempotency_conflict" });
  });
});

describe("a run that is followed", () => {
  const follow = (id: string): Promise<RunLog[]> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(runner.client.runs.logs.url({ params: { id } }), {
        headers: { authorization: `Bearer ${runner.server.token}` },
      });
      const seen: RunLog[] = [];
      socket.on("message", (data: Buffer) => seen.push(JSON.parse(data.toString()) as RunLog));
      socket.on("close", () => resolve(seen));
      socket.on("error", reject);
    });

  it("tells its output from the start, while it runs and afterwards", async () => {
    const code = "import time\nfor i in range(5): print(i, flush=True); time.sleep(.05)";
    const { id, status } = await runner.client.runs.create({
      body: { language: "python", code, wait: false },
    });
    expect(["queued", "running"]).toContain(status);
    const live = await follow(id);
    const text = (logs: RunLog[]) => logs.map((log) => (log.type === "output" ? log.data : "")).join("");
    expect(text(live)).toBe("0\n1\n2\n3\n4\n");
    expect(live.filter((log) => log.type === "output").length).toBeGreaterThan(2);
    expect(live.at(-1)).toMatchObject({ type: "exit", run: { id, status: "ok" } });
    const replayed = await follow(id);
    expect(text(replayed)).toBe("0\n1\n2\n3\n4\n");
    expect(replayed.at(-1)).toMatchObject({ type: "exit", run: { id, status: "ok" } });
  });

  it("ends when it is cancelled, and keeps what it wrote", async () => {
    const code = "import time\nprint('begun', flush=True)\ntime.sleep(60)";
    const { id } = await runner.client.runs.create({ body: { language: "python", code, wait: false } });
    await expect
      .poll(async () => (await runner.client.runs.get({ params: { id } })).stdout, { timeout: 10_000 })
      .toBe("begun\n");
    expect(await runner.client.runs.cancel({ params: { id } })).toMatchObject({
      status: "cancelled",
      stdout: "begun\n",
    });
    expect(await runner.client.runs.cancel({ params: { id } })).toMatchObject({ status: "cancelled" });
  });

  it("ends when its only caller hangs up", async () => {
    const hangUp = new AbortController();
    const waiting = runner.client.runs.create(
      { body: { language: "bash", code: "sleep 60" } },
      { signal: hangUp.signal },
    );
    const running = async () =>
      (await runner.client.runs.list({ query: { language: "bash", limit: 1 } })).runs[0]?.status;
    await expect.poll(running, { timeout: 10_000 }).toBe("running");
    hangUp.abort();
    await expect(waiting).rejects.toThrow();
    await expect.poll(running, { timeout: 10_000 }).toBe("cancelled");
  });
});

describe("many runs", () => {
  it("answers a batch in its order", async () => {
    const runs = Array.from({ length: 6 }, (_, index) => ({
      language: index % 2 === 0 ? "bash" : "python",
      code: index % 2 === 0 ? `echo ${index}` : `print(${index})`,
    }));
    const answer = await runner.client.runs.batch({ body: { runs } });
    expect(answer.runs.map(({ stdout }) => stdout)).toEqual(["0\n", "1\n", "2\n", "3\n", "4\n", "5\n"]);
  });

  it("uses no container twice, and leaves none", async () => {
    const code =
      "cat /proc/self/cgroup | sha256sum; cat /proc/sys/kernel/random/boot_id > /dev/null; echo $RANDOM > /tmp/mark; ls /tmp /work";
    const runs = await Promise.all(Array.from({ length: 8 }, () => runner.run("bash", code)));
    for (const run of runs) expect(run.stdout).toMatch(/\/tmp:\nmark\n\n\/work:\nmain.sh\n$/);
    const { languages } = await runner.client.runs.languages();
    expect(languages.find(({ name }) => name === "bash")).toMatchObject({ ready: true });
    const waiting = async () => {
      const { languages: now } = await runner.client.runs.languages();
      return now.every(({ pool }) => pool.starting === 0 && pool.active === 0);
    };
    await expect.poll(waiting, { timeout: 20_000 }).toBe(true);
    const spare = (await runner.client.runs.languages()).languages.reduce(
      (sum, { pool }) => sum + pool.available,
      0,
    );
    await expect.poll(async () => (await runner.slots()).length, { timeout: 10_000 }).toBe(spare);
  });
});
