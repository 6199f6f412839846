import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../tests/support/test-server.ts";
import { runCli, startCli } from "./testing/run-cli.ts";
import type { ExecInput, Process } from "#contract/inside.ts";

let ghost: TestServer;
let folder: string;
const cli = (words: readonly string[], given: Parameters<typeof runCli>[2] = {}) =>
  runCli(ghost, words, given);

beforeAll(async () => {
  ghost = await startTestServer();
  folder = mkdtempSync(join(tmpdir(), "ghost-cli-"));
  const made = await cli(["create", "box", "--image", "plain", "--memory", "512m", "--cpus", "1.5"]);
  expect(made).toMatchObject({ code: 0, stdout: "box\n" });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await ghost[Symbol.asyncDispose]();
});

describe("the life of a cave", () => {
  it("creates, shows, stops, starts and destroys it", async () => {
    const made = await cli(["create", "brief", "--image", "plain", "--json", "--ttl", "8h", "-e", "A=1"]);
    expect(JSON.parse(made.stdout)).toMatchObject({ name: "brief", state: "running", env: { A: "1" } });
    expect(made.stderr).toMatch(/create (started|done)/);
    expect((await cli(["list", "-q"])).stdout.split("\n")).toContain("brief");
    expect((await cli(["info", "brief"])).stdout).toMatch(/removed\s+in [78]h/);
    expect(await cli(["stop", "brief"])).toMatchObject({ code: 0, stdout: "Stopped brief\n" });
    expect((await cli(["ls", "--state", "stopped", "--quiet"])).stdout).toBe("brief\n");
    expect(await cli(["start", "brief"])).toMatchObject({ code: 0, stdout: "Started brief\n" });
    expect(await cli(["destroy", "brief"])).toMatchObject({ code: 2 });
    expect(await cli(["destroy", "brief", "--yes"])).toMatchObject({ code: 0, stdout: "Destroyed brief\n" });
    expect(await cli(["info", "brief"])).toMatchObject({ code: 3, stdout: "" });
  });

  it("lists in columns, without colours where nobody looks", async () => {
    const { stdout } = await cli(["list"]);
    expect(stdout).toMatch(/^NAME +STATE +IMAGE +CPUS +MEMORY +PORTS +ACTIVE\n/);
    expect(stdout).toMatch(/^box +running +plain +1\.5 +512 MB +\S.* +\d+s ago$/m);
    expect(stdout).not.toContain("\x1b");
  });
});

describe("ways in", () => {
  it("prints an address where there is no browser, and refuses what cannot be opened", async () => {
    const env = { DISPLAY: undefined, WAYLAND_DISPLAY: undefined, BROWSER: undefined };
    const opened = await cli(["open", "box", "3000"], { env });
    expect(opened.stdout).toMatch(/^http:\/\/3000--cave-[a-z2-7]+\.localhost:\d+\/\.ghost\/enter\?ticket=/);
    expect(await cli(["open", "box", "3000", "--print"])).toMatchObject({ code: 0 });
    // Of an image that is not Ghost's there is no more to open.
    for (const words of [
      ["open", "box", "terminal"],
      ["open", "box", "--print"],
    ])
      expect(await cli(words, { env })).toMatchObject({
        ...{ stdout: "", stderr: expect.stringContaining("is not built on ghost/cave:base") as string },
      });
    expect((await cli(["info", "box"])).stdout).toMatch(/^lacks +terminal, code, desktop, jupyter/m);
    expect(await cli(["open", "box", "telnet"])).toMatchObject({ code: 2, stdout: "" });
    expect(await cli(["open", "box", "70000"])).toMatchObject({ code: 2 });
    expect(await cli(["open", "nowhere", "code"])).toMatchObject({ code: 3 });
  });

  it("shares a port by link, with everybody, and with nobody", async () => {
    expect((await cli(["share", "box", "3000", "--expires", "1h"])).stdout).toMatch(
      /^http:\/\/3000--.*\/\.ghost\/link\?key=/,
    );
    expect((await cli(["ports", "box"])).stdout).toMatch(/3000 +\(nothing\) +- +link +http/);
    expect((await cli(["share", "box", "3000", "--public"])).stdout).toMatch(/^http:\/\/3000--[^ ]*\/\n$/);
    expect(await cli(["share", "box", "3000", "--private"])).toMatchObject({ code: 0, stdout: "" });
    expect(await cli(["share", "box", "4100"])).toMatchObject({ code: 1 });
    expect(await cli(["share", "box", "3000", "--public", "--private"])).toMatchObject({ code: 2 });
  });
});

describe("exec", () => {
  it("passes on output, errors and the exit code", async () => {
    const result = await cli(["exec", "box", "echo out; echo err >&2; exit 7"]);
    expect(result).toMatchObject({ code: 7, stdout: "out\n", stderr: "err\n" });
  });

  it("passes bytes through unchanged, both ways", async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) & 255));
    expect((await cli(["exec", "box", "cat"], { stdin: bytes })).bytes.equals(bytes)).toBe(true);
  });

  it("runs code by language, and a program after --", async () => {
    expect((await cli(["exec", "box", "print(6 * 7)", "--language", "python"])).stdout).toBe("42\n");
    const words = await cli([
      "exec",
      "box",
      "-e",
      "WHO=me",
      "--",
      "sh",
      "-c",
      'echo "$WHO: $1"',
      "sh",
      "two  words'",
    ]);
    expect(words.stdout).toBe("me: two  words'\n");
  });

  it("takes code longer than an address may be, with stdin", async () => {
    const code = `# ${"x".repeat(20_000)}\nread -r line; echo "got $line"; exit 3`;
    expect(await cli(["exec", "box", code], { stdin: "it\n" })).toMatchObject({
      code: 3,
      stdout: "got it\n",
    });
  });

  it("ends when the program does, though stdin goes on", async () => {
    const child = startCli(ghost, ["exec", "box", "echo done"]);
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("shows output while stdin is still open", async () => {
    const child = startCli(ghost, ["exec", "box", "cat"]);
    child.stdin.write("first\n");
    expect(String(((await once(child.stdout, "data")) as [Buffer])[0])).toBe("first\n");
    child.stdin.end();
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("kills the program on Ctrl-C", async () => {
    const mark = `sleep ${60 + Math.random()}`;
    const child = startCli(ghost, ["exec", "box", `echo $$; exec ${mark}`]);
    const [first] = (await once(child.stdout, "data")) as [Buffer];
    const pid = Number(String(first));
    expect(() => process.kill(pid, 0)).not.toThrow();
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it("says 125 where nothing could run, and 2 where nothing was asked", async () => {
    expect(await cli(["exec", "nowhere", "true"])).toMatchObject({ code: 125, stdout: "" });
    const odd = await cli(["exec", "box", "ls", "-la"]);
    expect(odd).toMatchObject({ code: 2 });
    expect(odd.stderr).toContain("in quotes");
    expect(await cli(["exec", "box"])).toMatchObject({ code: 2 });
  });

  it("prints the result as JSON", async () => {
    const { stdout, code } = await cli(["exec", "box", "echo hi; exit 4", "--json"]);
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 4, stdout: "hi\n" });
  });
});

describe("cp", () => {
  it("carries files and folders there and back", async () => {
    const from = join(folder, "from");
    mkdirSync(join(from, "sub"), { recursive: true });
    writeFileSync(join(from, "sub", "tool.sh"), "#!/bin/sh\n");
    chmodSync(join(from, "sub", "tool.sh"), 0o755);
    symlinkSync("sub/tool.sh", join(from, "link"));
    expect(await cli(["cp", from, "box:"])).toMatchObject({ code: 0, stderr: "" });
    expect(await cli(["cp", "box:from", join(folder, "back")])).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(join(folder, "back", "link"), "utf8")).toBe("#!/bin/sh\n");
    expect(statSync(join(folder, "back", "sub", "tool.sh")).mode & 0o777).toBe(0o755);
    expect(await cli(["cp", join(from, "sub/tool.sh"), "box:from/"])).toMatchObject({ code: 0 });
    expect((await cli(["exec", "box", "stat -c %a from/tool.sh"])).stdout).toBe("755\n");
  });

  it("speaks to pipes", async () => {
    expect(await cli(["cp", "-", "box:note"], { stdin: "by pipe" })).toMatchObject({ code: 0 });
    expect((await cli(["cp", "box:note", "-"])).stdout).toBe("by pipe");
    expect(await cli(["cp", "box:absent", "-"])).toMatchObject({ code: 3, stdout: "" });
    expect(await cli(["cp", "a", "b"])).toMatchObject({ code: 2 });
  });

  it("leaves out links that lead out of what is copied", async () => {
    await cli(["exec", "box", "mkdir -p bad && ln -s /etc/passwd bad/passwd && echo fine > bad/file"]);
    const result = await cli(["cp", "box:bad", join(folder, "bad")]);
    expect(result.code).toBe(0);
    expect(result.stderr).toContain("passwd: a link out of the folder");
    expect(readFileSync(join(folder, "bad", "file"), "utf8")).toBe("fine\n");
  });

  it("copies between caves", async () => {
    await cli(["create", "other", "--image", "plain"]);
    await cli(["exec", "box", "mkdir -p d && echo 1 > d/f"]);
    expect(await cli(["cp", "box:d", "other:e"])).toMatchObject({ code: 0 });
    expect((await cli(["exec", "other", "cat e/f"])).stdout).toBe("1\n");
  });
});

describe("account", () => {
  it("stores secrets that are piped in", async () => {
    expect(await cli(["secrets", "set", "API_KEY"], { stdin: "s3cret\n" })).toMatchObject({
      code: 0,
      stdout: "",
    });
    expect((await cli(["secrets", "ls"])).stdout).toMatch(/API_KEY +1 /);
    expect(await cli(["secrets", "rm", "API_KEY"])).toMatchObject({ code: 0 });
    expect(await cli(["secrets", "rm", "API_KEY"])).toMatchObject({ code: 3 });
  });

  it("makes tokens that can do what they say and no more", async () => {
    const made = await cli(["tokens", "create", "ci", "--scope", "caves:read", "--expires", "1d"]);
    const token = made.stdout.trim();
    expect((await runCli({ url: ghost.url, token }, ["whoami"])).stdout).toMatch(/scopes +caves:read/);
    expect(await runCli({ url: ghost.url, token }, ["stop", "box"])).toMatchObject({ code: 4 });
    const [id] = /tok-\w+/.exec(made.stderr) ?? [];
    expect(await cli(["tokens", "revoke", id ?? ""])).toMatchObject({ code: 0 });
    expect(await runCli({ url: ghost.url, token }, ["list"])).toMatchObject({ code: 4 });
  });
});

describe("when it goes wrong", () => {
  it("says that Ghost does not answer, and where to look", async () => {
    const result = await runCli({ url: "http://127.0.0.1:9", token: "x" }, ["list"]);
    expect(result).toMatchObject({ code: 5, stdout: "" });
    expect(result.stderr).toContain("Ghost does not answer at http://127.0.0.1:9 (connection refused).");
    expect(result.stderr).toContain("npm run up");
  });

  it("prints errors as JSON where JSON was asked for", async () => {
    const { stderr, code } = await cli(["info", "nowhere", "--json"]);
    expect(code).toBe(3);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "cave_not_found" } });
  });

  it("knows wrong usage", async () => {
    expect(await cli(["lisst"])).toMatchObject({ code: 2, stdout: "" });
    expect((await cli(["create", "--memory", "lots"])).stderr).toContain('"lots" is not a size.');
    expect(await cli(["list", "--state", "odd"])).toMatchObject({ code: 2 });
  });

  it("names what a refused input is about", async () => {
    const { stderr, code } = await cli(["create", "Bad_Name"]);
    expect(code).toBe(1);
    expect(stderr).toContain("name");
  });
});

it("shows processes and signals one", async () => {
  const signals: [number, string][] = [];
  const listed: Process = {
    ...{ pid: 42, parent: 1, command: "sleep\x1b[2J 60", managed: false, running: true },
    ...{ startedAt: new Date().toISOString(), cpuMs: 1500, memoryBytes: 3 * 2 ** 20 },
  };
  await using other = await startTestServer({
    inside: {
      processes: () => Promise.resolve([listed]),
      signalProcess: (pid, name) => Promise.resolve(void signals.push([pid, name])),
    },
  });
  await runCli(other, ["create", "box", "--image", "plain"]);
  expect((await runCli(other, ["ps", "box"])).stdout).toMatch(
    /^ 42 +\ds ago +1\.5 s +3 MB +running +sleep 60$/m,
  );
  expect(await runCli(other, ["kill", "box", "42", "--signal", "int"])).toMatchObject({ code: 0 });
  expect(signals).toEqual([[42, "SIGINT"]]);
  expect(await runCli(other, ["kill", "box", "42", "--signal", "odd"])).toMatchObject({ code: 2 });
});

it("says 124 and how long it was when the time is over, and 128 + n after a signal", async () => {
  const asked: Partial<ExecInput>[] = [];
  const exit = { timedOut: false, truncated: { stdout: false, stderr: true }, durationMs: 1 };
  await using other = await startTestServer({
    inside: {
      exec: (request) => {
        asked.push({ command: request.command, timeoutMs: request.timeoutMs, cwd: request.cwd });
        const timedOut = request.timeoutMs !== undefined;
        return Promise.resolve(
          (async function* () {
            const data = await Promise.resolve(Buffer.from([0xff, 0xc3, 0x28]));
            yield { kind: "stdout" as const, data };
            yield { kind: "exit" as const, exit: { ...exit, exitCode: null, signal: "SIGKILL", timedOut } };
          })(),
        );
      },
    },
  });
  await runCli(other, ["create", "box", "--image", "plain"]);
  const late = await runCli(other, ["exec", "box", "true", "--timeout", "1.5s", "--cwd", "/tmp"]);
  expect(late).toMatchObject({ code: 124, bytes: Buffer.from([0xff, 0xc3, 0x28]) });
  expect(late.stderr).toContain("Killed after 1.5 s.");
  expect(late.stderr).toContain("Only the first 64 MB of stderr");
  expect(asked[0]).toMatchObject({ command: "true", timeoutMs: 1500, cwd: "/tmp" });
  expect(await runCli(other, ["exec", "box", "true"])).toMatchObject({ code: 137 });
});

it("reads logs", async () => {
  expect(await cli(["logs", "box", "--tail", "5"])).toMatchObject({ code: 0, stderr: "" });
});

it("examines the gateway", async () => {
  const { stdout } = await cli(["doctor", "--json"], { env: { DOCKER_HOST: "unix:///nonexistent.sock" } });
  const findings = JSON.parse(stdout) as { check: string; level: string }[];
  const levels = Object.fromEntries(findings.map(({ check, level }) => [check, level]));
  expect(levels).toMatchObject({ gateway: "ok", token: "ok", node: "ok", engine: "fail" });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
