import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docker, startTestCave, type TestCave } from "./testing/test-cave.ts";

const image = "ghost/cave:base";
const daemon = ["/opt/ghost/node/bin/node", "/opt/ghost/caved.mjs"];

describe("the base image", () => {
  let cave: TestCave;
  beforeAll(async () => {
    cave = await startTestCave(image);
  });
  afterAll(async () => {
    await cave[Symbol.asyncDispose]();
  });

  it("stays small", async () => {
    const { Size: size } = await docker.getImage(image).inspect();
    expect(size).toBeLessThan(700e6);
  });

  it("says what it is in labels", async () => {
    const { Config: config } = await docker.getImage(image).inspect();
    expect(config.Labels).toMatchObject({ "ghost.daemon": "2", "ghost.flavor": "base" });
    expect(config.Labels["ghost.version"]).toMatch(/^\d+\.\d+\.\d+/);
    expect(config.Labels["ghost.source"]).toMatch(/^[0-9a-f]{64}$/);
    expect(config.User).toBe("1000:1000");
  });

  it("runs nothing but the daemon, as the child of a PID 1 that reaps", async () => {
    const { output } = await cave.sh("ps -eo pid=,ppid=,args= | grep -v -e bash -e 'ps -e' -e grep");
    const [first, ...others] = output.split("\n").map((line) => line.trim().split(/\s+/));
    expect(first?.slice(0, 3)).toEqual(["1", "0", "/usr/bin/tini"]);
    expect(others).toEqual([[expect.any(String), "1", ...daemon]]);
  });

  it("ends at once without a token for the daemon", async () => {
    const container = await docker.createContainer({ Image: image, HostConfig: { NetworkMode: "none" } });
    try {
      await container.start();
      expect(await container.wait()).toMatchObject({ StatusCode: 78 });
    } finally {
      await container.remove({ force: true });
    }
  });

  it("gives its user no way up", async () => {
    const { output } = await cave.sh(
      "id -u; id -g; grep -E 'CapEff|CapBnd|NoNewPrivs|Seccomp:' /proc/self/status",
    );
    expect(output.split(/\s+/)).toEqual([
      "1000",
      "1000",
      "CapEff:",
      "0000000000000000",
      "CapBnd:",
      "0000000000000000",
      "NoNewPrivs:",
      "1",
      "Seccomp:",
      "2",
    ]);
    expect((await cave.sh("find / -xdev -perm /6000 -type f -writable 2>/dev/null")).output).toBe("");
  });

  it("can be written where people work, and nowhere else", async () => {
    for (const folder of ["/workspace", "/home/ghost", "/tmp", "/run", "/dev/shm"])
      expect(await cave.sh(`touch ${folder}/probe && rm ${folder}/probe`)).toMatchObject({ code: 0 });
    for (const folder of ["/", "/etc", "/usr/local/bin", "/opt/ghost", "/var"])
      expect(await cave.sh(`touch ${folder}/probe`)).toMatchObject({ code: 1 });
  });

  it.each([
    ["bash", "echo $BASH_VERSION", /^5/],
    ["Node", "node --version", /^v24\./],
    [
      "TypeScript in Node",
      "echo 'const n: number = 42; console.log(n)' > /tmp/n.ts && node /tmp/n.ts",
      /^42$/,
    ],
    ["npm", "npm --version", /^11\./],
    ["npx", "npx --version", /^11\./],
    ["npm's global folder", "npm prefix --global", /^\/home\/ghost\/\.local$/],
    ["Python", "python3 -c 'import ssl, sqlite3; print(6 * 7)'", /^42$/],
    ["python", "python --version", /^Python 3\./],
    ["pip", "pip --version", /^pip 2/],
    [
      "pip outside a virtual environment",
      "pip install --no-index missing 2>&1 | tail -1",
      /No matching distribution/,
    ],
    ["virtual environments", "python3 -m venv /tmp/v && /tmp/v/bin/python -c 'print(42)'", /^42$/],
    ["git", "cd $(mktemp -d) && git init -q . && git status --short --branch", /No commits yet/],
    ["ripgrep", "echo needle | rg -c needle", /^1$/],
    ["fd", "fd --version", /^fd/],
    ["jq", "echo '{\"a\":42}' | jq .a", /^42$/],
    ["curl", "curl --version", /https/],
    ["socat", "socat -V | head -1", /socat/],
    ["ssh", "ssh -V", /OpenSSH/],
    [
      "archives",
      "cd /tmp && echo x > a && zip -q a.zip a && unzip -l a.zip && tar cJf a.txz a && tar tf a.txz",
      /a$/,
    ],
    ["rsync", "rsync --version | head -1", /rsync/],
    ["less", "less --version | head -1", /^less/],
    ["an editor", "nano --version | head -1", /nano/],
    ["UTF-8", "python3 -c 'print(\"höhle 🕳\")'", /höhle 🕳/],
    ["what people install for themselves", "echo $PATH", /^\/home\/ghost\/\.local\/bin:/],
  ])("has %s", async (_name, script, expected) => {
    const { code, output } = await cave.sh(script);
    expect(output).toMatch(expected);
    expect(code).toBe(0);
  });

  it("has the terminal's native package beside the daemon", async () => {
    const script =
      "const { spawn } = require('@lydell/node-pty'); spawn('echo', ['from a pty'], {}).onData((data) => process.stdout.write(data))";
    const { output } = await cave.sh(`cd /opt/ghost && node -e "${script}"`);
    expect(output).toContain("from a pty");
  });
});
