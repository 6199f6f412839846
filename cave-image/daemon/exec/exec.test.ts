import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { execBody, isAlive, startDaemon, token, tokenHash, type TestDaemon } from "../testing/daemon.ts";

let daemon: TestDaemon;
let cwd: string;
beforeAll(async () => {
  daemon = await startDaemon({
    GHOST_CAVE_ID: "cave-aaaaaaaaaaaaaaaa",
    GHOST_CAVE_NAME: "lair",
    GHOST_SECRET_PLAN: "hidden",
    COLOUR: "blue",
  });
  cwd = daemon.folder;
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
});

const pidIn = async (name: string) => {
  const text = await vi.waitFor(() =>
    readFile(`${cwd}/${name}`, "utf8").then((found) =>
      found.endsWith("\n") ? found : Promise.reject(new Error("not yet")),
    ),
  );
  return Number(text);
};

describe("exec", () => {
  it("runs a shell command line, and a program without a shell", async () => {
    const shell = await daemon.exec({ command: "echo $((6 * 7)); echo oops >&2; exit 3", cwd });
    expect(shell).toMatchObject({
      exitCode: 3,
      timedOut: false,
      truncated: { stdout: false, stderr: false },
    });
    expect([shell.stdout.toString(), shell.stderr.toString()]).toEqual(["42\n", "oops\n"]);

    const program = await daemon.exec({ argv: ["printf", "%s|", "a b", "$HOME", "*"], cwd });
    expect(program.stdout.toString()).toBe("a b|$HOME|*|");
  });

  it("starts in /workspace, in the folder that was asked for, and says so when there is none", async () => {
    expect((await daemon.exec({ command: "pwd" })).stdout.toString()).toBe(`${cwd}\n`);
    expect((await daemon.exec({ command: "pwd", cwd: "/usr/bin" })).stdout.toString()).toBe("/usr/bin\n");
    for (const bad of [`${cwd}/nowhere`, "/etc/passwd", "/proc/1/task/1/cwd"]) {
      await expect(daemon.exec({ command: "true", cwd: bad })).rejects.toThrow("working_directory");
    }
  });

  it("starts in a folder whose name is not UTF-8", async () => {
    await mkdir(Buffer.concat([Buffer.from(`${cwd}/`), Buffer.of(0xff, 0x41)]));
    const { stdout } = await daemon.exec({ argv: ["pwd", "-P"], cwd: `b:${cwd}/%FFA` });
    expect(stdout).toEqual(Buffer.concat([Buffer.from(`${cwd}/`), Buffer.of(0xff, 0x41, 0x0a)]));
  });

  it("says like a shell when there is no such program, or it may not be run", async () => {
    const env = { PATH: "/usr/bin:/bin" };
    expect(await daemon.exec({ argv: ["no-such-program"], cwd, env })).toMatchObject({ exitCode: 127 });
    await writeFile(`${cwd}/plain`, "text");
    const denied = await daemon.exec({ argv: [`${cwd}/plain`], cwd });
    expect(denied.exitCode).toBe(126);
    expect(denied.stderr.toString()).toContain("permission denied");
  });

  it("gives processes the cave's environment and nothing of the daemon's", async () => {
    const { stdout } = await daemon.exec({ command: "env", cwd, env: { MINE: "1" } });
    const env = stdout.toString().split("\n");
    expect(env).toEqual(
      expect.arrayContaining([
        "GHOST_CAVE_ID=cave-aaaaaaaaaaaaaaaa",
        "GHOST_CAVE_NAME=lair",
        "COLOUR=blue",
        "MINE=1",
      ]),
    );
    expect(env.filter((line) => line.startsWith("GHOST_"))).toHaveLength(2);
    expect(stdout.toString()).not.toContain(tokenHash);
    expect(stdout.toString()).not.toContain(token);
  });

  it("keeps every byte as it is", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect((await daemon.exec({ argv: ["cat"], cwd }, bytes)).stdout).toEqual(bytes);
  });

  it("has standard streams that a process can open by name, as a real pipe can be", async () => {
    const command =
      "sleep 0.05; cat /dev/stdin; cat /dev/stdin; echo out > /dev/stdout; echo err > /dev/stderr";
    const outcome = await daemon.exec({ command, cwd }, "in\n");
    expect([outcome.stdout.toString(), outcome.stderr.toString(), outcome.exitCode]).toEqual([
      "in\nout\n",
      "err\n",
      0,
    ]);
  });

  it("has an empty stdin when none is given", async () => {
    expect(await daemon.exec({ command: "cat; readlink /proc/self/fd/0", cwd })).toMatchObject({
      stdout: Buffer.from("/dev/null\n"),
    });
  });

  it("takes 100 MB on stdin whole", async () => {
    const { stdout } = await daemon.exec({ command: "sha1sum; wc -c", cwd }, Buffer.alloc(100_000_000, "x"));
    expect(stdout.toString()).toContain(
      (await import("node:crypto")).createHash("sha1").update(Buffer.alloc(100_000_000, "x")).digest("hex"),
    );
  });

  it("does not mind a process that leaves its stdin unread", async () => {
    expect(await daemon.exec({ argv: ["true"], cwd }, Buffer.alloc(5_000_000))).toMatchObject({
      exitCode: 0,
    });
    expect(
      await daemon.exec({ command: "exec 0<&-; sleep 0.1; echo done", cwd }, Buffer.alloc(5_000_000)),
    ).toMatchObject({ exitCode: 0 });
  });

  it("cuts 1 GB of output at the limit, marks it, and lets the process go on to its end", async () => {
    const outcome = await daemon.exec({
      command: "head -c 1000000000 /dev/zero; echo end >&2",
      cwd,
      maxOutputBytes: 1000,
    });
    expect(outcome).toMatchObject({ exitCode: 0, truncated: { stdout: true, stderr: false } });
    expect([outcome.stdout.length, outcome.stderr.toString()]).toEqual([1000, "end\n"]);
  });

  it("does not read further than the client does", async () => {
    const res = await daemon.open(
      "POST",
      "/exec",
      execBody({ command: "yes & echo $! > yes.pid; wait", cwd, stdin: false }),
    );
    res.pause();
    const pid = await pidIn("yes.pid");
    const written = async () =>
      Number(/^wchar: (\d+)$/m.exec(await readFile(`/proc/${pid}/io`, "latin1"))?.[1]);
    let before = -1;
    await vi.waitFor(
      async () => {
        const now = await written();
        const stands = now === before;
        before = now;
        expect(stands).toBe(true);
      },
      { interval: 100, timeout: 5000 },
    );
    expect(before).toBeLessThan(20_000_000);
    res.destroy();
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 2000 });
  });

  it("answers when the process has ended, though a background child holds its output", async () => {
    const { durationMs, stdout } = await daemon.exec({
      command: "echo begun; sleep 60 & echo $! > bg.pid",
      cwd,
    });
    expect(stdout.toString()).toBe("begun\n");
    expect(durationMs).toBeLessThan(30_000); // not the child's minute
    const pid = await pidIn("bg.pid");
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, "SIGKILL");
  });

  it("gives all output of the process even when a background child goes on talking", async () => {
    const { stdout } = await daemon.exec({
      command:
        "(trap '' PIPE; while sleep 0.02; do echo noise; done) & echo $! > noise.pid; seq 1 200000; echo END",
      cwd,
      maxOutputBytes: 10_000_000,
    });
    expect(stdout.toString()).toContain("\n200000\nEND\n");
    process.kill(await pidIn("noise.pid"), "SIGKILL");
  });
});

describe("the end of an exec", () => {
  it("comes with the deadline, for the whole group, and keeps what was said", async () => {
    const command =
      "echo early; trap '' TERM; (trap '' TERM; echo $BASHPID > deaf.pid; sleep 60) & wait; sleep 60";
    const outcome = await daemon.exec({ command, cwd, timeoutMs: 300 });
    expect(outcome).toMatchObject({
      exitCode: null,
      signal: "SIGKILL",
      timedOut: true,
      stdout: Buffer.from("early\n"),
    });
    const pid = await pidIn("deaf.pid");
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 2000 });
  });

  it("lets a process end well within the grace that SIGTERM gives", async () => {
    const outcome = await daemon.exec({
      command: "trap 'echo bye; exit 5' TERM; sleep 60 & wait",
      cwd,
      timeoutMs: 200,
    });
    expect(outcome).toMatchObject({ exitCode: 5, timedOut: true, stdout: Buffer.from("bye\n") });
  });

  it.each([
    ["while it is silent", "sleep 60 & echo $! > gone.pid; wait", undefined],
    ["while its stdin is blocked", "echo $$ > gone.pid; exec sleep 60", Buffer.alloc(3_000_000)],
    ["while it is stopped", "echo $$ > gone.pid; kill -STOP $$", undefined],
  ])("comes when the client goes away %s", async (_, command, stdin) => {
    await daemon.exec({ command: "rm -f gone.pid", cwd });
    const req = request({
      host: "127.0.0.1",
      port: daemon.port,
      method: "POST",
      path: "/exec",
      headers: { authorization: `Bearer ${token}` },
    });
    req.on("error", () => undefined);
    req.end(execBody({ command, cwd, stdin: stdin !== undefined }, stdin));
    await once(req, "response");
    const pid = await pidIn("gone.pid");
    expect(isAlive(pid)).toBe(true);
    req.destroy();
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 2000 });
  });
});
