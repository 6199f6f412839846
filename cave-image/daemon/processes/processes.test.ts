import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { isAlive, startDaemon, type Reply, type RequestBody, type TestDaemon } from "../testing/daemon.ts";
import type { Process } from "#contract/inside.ts";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await startDaemon();
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
});

const launch = async (command: string, more: object = {}): Promise<Process> => {
  const reply = await daemon.request("POST", "/processes", { command, cwd: daemon.folder, ...more });
  expect(reply.status).toBe(200);
  return reply.json;
};
const list = async (): Promise<Process[]> => (await daemon.request("GET", "/processes")).json;
const output = (pid: number, query = "") => daemon.request("GET", `/processes/${pid}/output?${query}`);
const post = (pid: number, verb: string, body: RequestBody) =>
  daemon.request("POST", `/processes/${pid}/${verb}`, body);
const code = (reply: Reply) => (reply.json as { code?: string }).code;

describe("a managed process", () => {
  it("keeps its output in order, and how it ended", async () => {
    const { pid, managed, running } = await launch("echo one; echo two >&2; echo three; exit 4", {
      name: "counter",
    });
    expect([managed, running]).toEqual([true, true]);
    expect((await output(pid, "follow=1")).body.toString()).toBe("one\ntwo\nthree\n");
    const ended = (await daemon.request("GET", `/processes/${pid}`)).json as Process;
    expect(ended).toMatchObject({ name: "counter", running: false, exitCode: 4, outputBytes: 14 });
    const late = await output(pid, "since=4");
    expect([late.headers["x-ghost-from"], late.body.toString()]).toEqual(["4", "two\nthree\n"]);
  });

  it("is written to, and told when there is no more", async () => {
    const { pid } = await launch('while read line; do echo "got $line"; done; echo over');
    await post(pid, "stdin", "a\n");
    await post(pid, "stdin?end=1", "b\n");
    expect((await output(pid, "follow=1")).body.toString()).toBe("got a\ngot b\nover\n");
    expect(code(await post(pid, "stdin", "c\n"))).toBe("process_not_found");
  });

  it("gets signals with all of its group", async () => {
    const { pid } = await launch("sleep 60 & echo $!; wait");
    const child = await vi.waitFor(async () => {
      const text = (await output(pid)).body.toString();
      expect(text).toMatch(/\d+\n/);
      return Number(text);
    });
    expect((await post(pid, "signal", { signal: "SIGKILL" })).status).toBe(200);
    await vi.waitFor(async () => {
      expect([isAlive(pid), isAlive(child)]).toEqual([false, false]);
      const ended = (await daemon.request("GET", `/processes/${pid}`)).json;
      expect(ended).toMatchObject({ running: false, exitCode: null, signal: "SIGKILL" });
    });
    expect(code(await post(pid, "signal", { signal: "SIGTERM" }))).toBe("process_not_found");
    expect(code(await post(pid, "signal", { signal: "SIGSEGV" }))).toBe("invalid_input");
    expect(code(await post(daemon.pid, "signal", { signal: "SIGKILL" }))).toBe("invalid_input");
  });

  it("forgets the oldest output, and says from where it still has it", async () => {
    const { pid } = await launch("head -c 5000000 /dev/zero | tr '\\0' x; echo end");
    const reply = await output(pid, "follow=1");
    const all = await output(pid);
    expect(Number(all.headers["x-ghost-from"])).toBe(5_000_004 - all.body.length);
    expect(all.body.length).toBeGreaterThanOrEqual(2 ** 20);
    expect(all.body.length).toBeLessThanOrEqual(2 ** 20 + 65_536);
    expect(all.body.toString().endsWith("xend\n")).toBe(true);
    expect(reply.body.length).toBeGreaterThan(0);
  });

  it("does not keep a follower waiting for a background child", async () => {
    const { pid } = await launch("echo begun; sleep 60 & echo $!");
    const text = (await output(pid, "follow=1")).body.toString();
    process.kill(Number(text.split("\n")[1]), "SIGKILL");
    expect(text).toMatch(/^begun\n\d+\n$/);
  });

  it("that cannot be started is an error", async () => {
    const start = (body: object) => daemon.request("POST", "/processes", { cwd: daemon.folder, ...body });
    expect(code(await start({ argv: ["no-such-program"] }))).toBe("invalid_input");
    expect(code(await start({ command: "true", argv: ["true"] }))).toBe("invalid_input");
    expect(code(await start({ command: "true", cwd: "/nowhere" }))).toBe("working_directory");
  });
});

describe("the list", () => {
  it("has every process, with what it costs", async () => {
    const { pid } = await launch(
      "exec python3 -c 'x = b\"x\" * 30_000_000\nfor i in range(3_000_000): pass\nimport time; time.sleep(60)'",
    );
    await vi.waitFor(async () => {
      const mine = (await list()).find((one) => one.pid === pid);
      expect(mine?.memoryBytes).toBeGreaterThan(30_000_000);
      expect(mine?.cpuMs).toBeGreaterThan(0);
    }, 5000);
    const processes = await list();
    const own = processes.find((one) => one.pid === daemon.pid);
    expect(own).toMatchObject({
      managed: false,
      running: true,
      command: expect.stringContaining("main.ts") as string,
    });
    expect(Math.abs(Date.parse(own?.startedAt ?? "") - Date.now())).toBeLessThan(120_000);
    expect(processes.filter((one) => one.pid === pid)).toHaveLength(1);
    await post(pid, "signal", { signal: "SIGKILL" });
  });

  it("takes no notice of what a process calls itself", async () => {
    const { pid } = await launch(
      'exec python3 -c \'import time; open("/proc/self/comm", "w").write(") Z 1 ("); time.sleep(60)\'',
    );
    await vi.waitFor(async () =>
      expect((await daemon.request("GET", `/processes/${pid}`)).json).toMatchObject({ parent: daemon.pid }),
    );
    await post(pid, "signal", { signal: "SIGKILL" });
  });
});
