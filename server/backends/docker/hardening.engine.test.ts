import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CaveSpec } from "../backend.ts";
import { limits, ran, soon, specOf } from "../contract/fixture.ts";
import type { DockerBackend } from "./open-docker.ts";
import { type DockerFixture, openFixture } from "./testing/fixture.ts";

let fixture: DockerFixture;
let backend: DockerBackend;

beforeAll(async () => {
  fixture = await openFixture({ host: process.env["DOCKER_HOST"] });
  backend = await fixture.open("hardening");
});

afterAll(async () => {
  await backend[Symbol.asyncDispose]();
  await fixture[Symbol.asyncDispose]();
});

async function cave(
  image: string,
  given: Partial<CaveSpec> = {},
  browser = false,
): Promise<(command: string) => Promise<string>> {
  const spec = await specOf(backend, image, {
    daemonTokenHash: "0".repeat(64),
    network: { mode: "none" },
    ...given,
  });
  await backend.create({ ...spec, image: { ...spec.image, browser } }, soon());
  await backend.start(spec.id, soon());
  return async (command) => {
    const { stdout, stderr } = await ran(backend, spec.id, command);
    return (stdout + stderr).trim();
  };
}

/** What opening each socket family says, by the cave's own Python. */
const families = `python3 - <<'END'
import errno, socket
for name in ("AF_UNIX", "AF_INET", "AF_NETLINK", "AF_PACKET", "AF_ALG", "AF_VSOCK"):
    kind = socket.SOCK_RAW if name == "AF_NETLINK" else socket.SOCK_SEQPACKET if name == "AF_ALG" else socket.SOCK_STREAM
    try:
        socket.socket(getattr(socket, name), kind).close()
        print(name, "open")
    except OSError as error:
        print(name, errno.errorcode[error.errno])
END`;

describe("what a cave may do", () => {
  it("has no capability, cannot gain any, and is filtered", async () => {
    const run = await cave(fixture.images.plain);
    const status = await run("cat /proc/self/status");
    for (const line of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])
      expect(status).toMatch(new RegExp(`^${line}:\\s+0+$`, "m"));
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(await run("id -u; id -g; id -G")).toBe("1000\n1000\n1000");
    expect(await run("cat /proc/1/oom_score_adj")).toBe("500");
    expect(await run("ulimit -Hn; ulimit -Hc")).toBe("16384\n0");
  });

  it("cannot make namespaces, mounts, devices or a new root", async () => {
    const run = await cave(fixture.images.plain);
    expect(await run("unshare -Ur true 2>&1; echo $?")).toMatch(/not permitted\n1$/);
    expect(await run("mount -t tmpfs none /tmp 2>&1; echo $?")).toMatch(
      /(?:permitted|denied|must be|are you root).*\n(?:1|32|255)$/s,
    );
    expect(await run("mknod /tmp/null c 1 3 2>&1; echo $?")).toMatch(/not permitted\n1$/);
    expect(await run("chroot /workspace true 2>&1; echo $?")).toMatch(/not permitted\n1(?:25)?$/);
  });

  it("writes to its workspace and to bounded memory, and nowhere else", async () => {
    const run = await cave(fixture.images.plain);
    for (const path of ["/", "/etc", "/bin", "/sys", "/proc/sys/kernel", "/dev/cpu"]) {
      expect(await run(`touch ${path}/file 2> /dev/null && echo written`), path).toBe("");
    }
    expect(await run("for d in /workspace /tmp /run /dev/shm; do touch $d/file && echo $d; done")).toBe(
      "/workspace\n/tmp\n/run\n/dev/shm",
    );
    const mounts = await run("cat /proc/mounts");
    expect(mounts).toMatch(/^tmpfs \/tmp tmpfs rw,nosuid,nodev,relatime,size=524288k/m);
    expect(mounts).toMatch(/^tmpfs \/run tmpfs rw,nosuid,nodev,noexec,relatime,size=16384k/m);
    expect(mounts).toMatch(/^shm \/dev\/shm tmpfs .*size=65536k/m);
    expect(await run("cp /bin/busybox /tmp/true && /tmp/true true && echo runs")).toBe("runs");
    expect(mounts).not.toMatch(/docker\.sock/);
    expect(await run("ls /var/run/docker.sock /run/docker.sock /run/containerd 2> /dev/null")).toBe("");
  });

  it("has its limits in its control group, of either version", async () => {
    const run = await cave(fixture.images.plain, {
      limits: { ...limits, memoryMb: 96, pids: 77, cpus: 0.5 },
    });
    const group = "/sys/fs/cgroup";
    expect(await run(`cat ${group}/memory.max ${group}/memory/memory.limit_in_bytes 2> /dev/null`)).toBe(
      String(96 * 2 ** 20),
    );
    expect(
      await run(`cat ${group}/memory.swap.max ${group}/memory/memory.memsw.limit_in_bytes 2> /dev/null`),
    ).toMatch(/^(?:0|100663296)$/);
    expect(await run(`cat ${group}/pids.max ${group}/pids/pids.max 2> /dev/null`)).toBe("77");
    expect(await run(`cat ${group}/cpu.max ${group}/cpu/cpu.cfs_quota_us 2> /dev/null`)).toMatch(/^50000\b/);
    expect(await run("cat /proc/self/cgroup")).not.toContain("docker");
  });

  it("survives a fork bomb and a memory bomb in it", async () => {
    const run = await cave(fixture.images.plain, { limits: { ...limits, pids: 40 } });
    expect(await run("i=0; while [ $i -lt 60 ]; do sleep 3 & i=$((i + 1)); done; echo end")).toMatch(
      /can't fork/,
    );
    await expect
      .poll(async () => run("tail /dev/zero > /dev/null; echo $?"), { timeout: 15_000 })
      .toMatch(/137/);
    expect(await run("echo alive")).toBe("alive");
  });

  it("sees nothing of the gateway's environment", async () => {
    process.env["GHOST_TEST_SECRET"] = "do-not-tell";
    try {
      const run = await cave(fixture.images.plain);
      expect(await run("env; cat /proc/*/environ 2> /dev/null | tr '\\0' '\\n'")).not.toMatch(
        /do-not-tell|GHOST_TEST_SECRET/,
      );
    } finally {
      delete process.env["GHOST_TEST_SECRET"];
    }
  });

  it("opens no raw socket; which other families the engine's default leaves open is noted", async ({
    annotate,
  }) => {
    const run = await cave(fixture.images.alone);
    const seen = await run(families);
    expect(seen).toContain("AF_PACKET EPERM");
    expect(seen).toContain("AF_INET open");
    await annotate(seen);
  });
});

describe("a cave with a browser", () => {
  it("may make the namespaces of a sandbox, and still no mount in them", async () => {
    const run = await cave(fixture.images.plain, {}, true);
    expect(await run("unshare -U true && echo made")).toBe("made");
    expect(await run("unshare -Ur mount -t tmpfs none /tmp 2>&1; echo $?")).toMatch(
      /(?:permitted|denied|are you root).*\n(?:1|255)$/s,
    );
    expect(await run("cat /proc/self/status")).toMatch(/^Seccomp:\s+2$/m);
  });

  it("opens the common socket families alone", async () => {
    const run = await cave(fixture.images.alone, {}, true);
    expect(await run(families)).toBe(
      [
        "AF_UNIX open",
        "AF_INET open",
        "AF_NETLINK open",
        "AF_PACKET EPERM",
        "AF_ALG EAFNOSUPPORT",
        "AF_VSOCK EAFNOSUPPORT",
      ].join("\n"),
    );
  });

  it("runs Chromium in its own sandbox", { timeout: 60_000 }, async ({ skip }) => {
    const image = await backend.image("ghost/cave:full", soon());
    if (!image) return skip("the full image is not built");
    const big = { limits: { cpus: 2, memoryMb: 1024, pids: 256, diskMb: 1024 } };
    const page = `timeout 30 chromium --headless --dump-dom 'data:text/html,<script>document.title="ran "+(6*7)</script>' 2>&1`;
    const [filtered, extended] = await Promise.all([cave(image.ref, big), cave(image.ref, big, true)]);
    expect(await extended(page)).toContain("<title>ran 42</title>");
    // Nothing told it to do without: under the engine's default it cannot start.
    expect(await filtered(page)).not.toContain("ran 42");
  });
});
