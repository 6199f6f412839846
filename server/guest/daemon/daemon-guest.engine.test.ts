import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Backend } from "../../backends/backend.ts";
import { newId, soon } from "../../backends/contract/fixture.ts";
import { openFixture } from "../../backends/docker/testing/fixture.ts";
import { Redacted } from "../../lib/redacted.ts";
import type { ExecRequest, Guest } from "../guest.ts";
import { createGuests, type Guests } from "../guests.ts";
import type { DesktopWindow, Network } from "#contract/cave.ts";

const small = { cpus: 2, memoryMb: 256, pids: 64, diskMb: 1024 };
const wait = { timeout: 20_000, interval: 200 };
const code = (wanted: string) => expect.objectContaining({ code: wanted }) as unknown;

let closing: AsyncDisposableStack;
let backend: Backend;
let guests: Guests;
beforeAll(async () => {
  closing = new AsyncDisposableStack();
  const fixture = closing.use(await openFixture({ host: process.env["DOCKER_HOST"] }));
  backend = closing.use(await fixture.open());
  guests = closing.use(createGuests(new Redacted(Buffer.alloc(32, 1))));
});
afterAll(() => closing.disposeAsync());

async function createCave(
  mode: Network["mode"],
  { image = "ghost/cave:base", limits = small } = {},
): Promise<{ id: string; guest: Guest }> {
  const found = await backend.image(image, soon());
  if (!found) throw new Error(`There is no ${image}: build it with \`npm run up\`.`);
  const id = newId();
  closing.defer(() => backend.remove(id, { keepWorkspace: false }, soon()));
  const daemonTokenHash = guests.tokenHash(id);
  const spec = { id, name: "lair", image: found, limits, network: { mode }, env: {}, daemonTokenHash };
  await backend.create(spec, soon());
  await backend.start(id, soon());
  const guest = guests.for({ id, backend, ...(found.daemon !== undefined && { daemon: found.daemon }) });
  await guest.ready(soon());
  return { id, guest };
}

async function run(guest: Guest, input: Partial<ExecRequest>) {
  const told = { stdout: "", stderr: "", exitCode: null as number | null };
  for await (const event of await guest.exec({ maxOutputBytes: 2 ** 20, ...input }, soon())) {
    if (event.kind === "exit") told.exitCode = event.exit.exitCode;
    else told[event.kind] += event.data.toString();
  }
  return told;
}

describe.each(["open", "none"] as const)("a cave with network %s", (mode) => {
  let id: string;
  let guest: Guest;
  beforeAll(async () => {
    ({ id, guest } = await createCave(mode));
  });

  it("runs commands as its user, in /workspace, with nothing of the daemon's in their environment", async () => {
    const { stdout } = await run(guest, {
      command: "id -u; pwd; hostname; env; echo to stderr > /dev/stderr",
    });
    expect(stdout).toMatch(/^1000\n\/workspace\nlair\n/);
    expect(stdout).toContain(`GHOST_CAVE_ID=${id}\n`);
    expect(stdout).not.toContain("TOKEN");
    expect(stdout).not.toContain("GLIBC_TUNABLES");
  });

  it("takes files where they may go and nowhere else", async () => {
    const put = (path: string) =>
      guest.writeFile(path, Readable.from([Buffer.from("x")]), { mkdirs: true }, soon());
    expect(await put("deep/er/file")).toMatchObject({ path: "/workspace/deep/er/file" });
    expect(await put("/home/ghost/.config/x")).toMatchObject({ kind: "file" });
    for (const path of ["/etc/passwd", "/usr/bin/evil", "../../etc/cron.d/evil"]) {
      await expect(put(path)).rejects.toEqual(code("file_denied"));
    }
    await expect(guest.readFile("/etc/shadow", {}, soon())).rejects.toEqual(code("file_denied"));
    expect(await text((await guest.readFile("/etc/hostname", {}, soon())).stream)).toBe("lair\n");
  });

  it("searches and replaces with ripgrep", async () => {
    const script =
      "mkdir -p s/.git && printf 'zürich fish\\n' > s/a.txt && printf 'fish' > s/.git/b && printf 'fish' > s/c.md && printf 'fish' > s/$'\\xff'";
    await run(guest, { command: script });
    const search = { path: "s", query: "fi.h", regex: true, caseSensitive: true, maxResults: 10 };
    const { matches } = await guest.searchFiles(search, soon());
    expect(matches.map(({ path, line, column }) => [path, line, column]).sort()).toEqual([
      ["/workspace/s/a.txt", 1, 8],
      ["/workspace/s/c.md", 1, 1],
      ["b:/workspace/s/%FF", 1, 1],
    ]);
    const [one] = (await guest.searchFiles({ ...search, glob: "*.md" }, soon())).matches;
    expect(one?.path).toBe("/workspace/s/c.md");
    await expect(guest.searchFiles({ ...search, query: "(" }, soon())).rejects.toEqual(code("invalid_input"));
    const replaced = await guest.replaceInFiles(
      { path: "s", query: "fish", replacement: "bird", regex: false, caseSensitive: true, dryRun: false },
      soon(),
    );
    expect(replaced.replacements).toBe(3);
    expect((await run(guest, { command: "cat s/a.txt s/c.md s/.git/b s/$'\\xff'" })).stdout).toBe(
      "zürich bird\nbirdfishbird",
    );
  });

  it("holds secrets in memory, for its user alone", async () => {
    await guest.setSecrets({ API_KEY: "s3cret" }, soon());
    const { stdout } = await run(guest, {
      command:
        'echo $API_KEY; cat /run/secrets/API_KEY; echo; stat -c "%a %U" /run/secrets/API_KEY; stat -f -c %T /run/secrets',
    });
    expect(stdout).toBe("s3cret\ns3cret\n400 ghost\ntmpfs\n");
  });

  it("has a terminal", async () => {
    const { id: terminal } = await guest.openTerminal({ cols: 80, rows: 24 }, soon());
    expect(await guest.terminals(soon())).toMatchObject([{ id: terminal, running: true }]);
    await guest.closeTerminal(terminal, soon());
  });

  it("measures itself", async () => {
    const { cpuMs, memoryBytes, memoryLimitBytes, pids } = await guest.metrics(soon());
    expect([cpuMs > 0, memoryBytes > 5e6, memoryLimitBytes, pids > 1 && pids < 64]).toEqual([
      true,
      true,
      256 * 2 ** 20,
      true,
    ]);
    await run(guest, { command: "head -c 20000000 /dev/urandom > heavy" });
    expect(await guest.diskUsage(soon())).toBeGreaterThan(20_000_000);
    expect((await guest.processes(soon())).map(({ pid }) => pid)).toContain(1);
    expect(await guest.services(soon())).toEqual({});
  });
});

describe("a cave at its limits", () => {
  let guest: Guest;
  beforeAll(async () => {
    ({ guest } = await createCave("none"));
  });

  it("says that no process can be started, and can be used again when there is room", async () => {
    const bomb = await guest.startProcess(
      { command: "for i in $(seq 70); do sleep 60 & done 2>/dev/null; wait" },
      soon(),
    );
    await vi.waitFor(async () => {
      const tried = run(guest, { command: "true" }).then(
        ({ exitCode }) => exitCode,
        (error: unknown) => error,
      );
      expect(await tried).toEqual(code("limit_reached"));
    }, 10_000);
    await guest.signalProcess(bomb.pid, "SIGKILL", soon());
    await vi.waitFor(async () => expect((await run(guest, { command: "true" })).exitCode).toBe(0), 5_000);
  });

  it("loses the process that takes too much memory, not the daemon", async () => {
    const { exitCode } = await run(guest, {
      argv: ["python3", "-c", "x = bytearray(10**9)\nfor i in range(0, 10**9, 4096): x[i] = 1"],
    });
    expect([null, 137]).toContain(exitCode);
    expect((await run(guest, { command: "echo alive" })).stdout).toBe("alive\n");
  });
});

describe("a desktop", () => {
  it("tells of its windows, also after it was started again", async () => {
    const { guest } = await createCave("none", {
      image: "ghost/cave:full",
      limits: { ...small, memoryMb: 1024, pids: 256 },
    });
    const leaving = new AbortController();
    closing.defer(() => leaving.abort());
    const opened: DesktopWindow[] = [];
    void (async () => {
      for await (const event of await guest.watch(leaving.signal))
        if (event.kind === "windows") opened.push(...event.opened);
    })().catch(() => undefined);
    const titles = () => opened.map(({ title }) => title);
    const list = async () => (await guest.desktopWindows(soon())).map(({ title }) => title);
    const open = (title: string) =>
      guest.startProcess({ argv: ["xterm", "-T", title, "-e", "sleep", "1000"] }, soon());

    await expect(guest.desktopWindows(soon())).rejects.toEqual(code("surface_stopped"));
    expect(await guest.startService("desktop", soon())).toMatchObject({ state: "ready" });
    expect(await list()).toEqual([]);
    const first = await open("release notes \u202e\n\u001b]52;c;x\u0007");
    await vi.waitFor(
      () => expect(titles()).toEqual([expect.stringMatching(/^release notes [\x20-\x7e]*$/)]),
      wait,
    );
    expect(await guest.desktopWindows(soon())).toEqual([{ ...opened[0], class: "XTerm" }]);
    const { stdout } = await run(guest, {
      command: `xdotool search --class xterm; xdotool getwindowname ${String(opened[0]?.id)}`,
    });
    expect(stdout).toContain("release notes");

    await guest.signalProcess(first.pid, "SIGTERM", soon());
    await vi.waitFor(async () => expect(await list()).toEqual([]), wait);
    await open("second");
    await vi.waitFor(() => expect(titles().slice(1)).toEqual(["second"]), wait);

    await run(guest, { command: "pkill -KILL Xvnc" });
    await vi.waitFor(async () => {
      await open("third");
      expect(await list()).toContain("third");
      expect(titles()).toContain("third");
    }, wait);
    expect(titles().filter((title) => title === "second")).toHaveLength(1);
  });
});

describe("a cave that stops", () => {
  it("does so at once, with its processes told", async () => {
    const { id, guest } = await createCave("open");
    await guest.startProcess(
      { command: "trap 'echo told > /workspace/told; exit' TERM; sleep 60 & wait" },
      soon(),
    );
    const began = performance.now();
    await backend.stop(id, 10_000, soon());
    expect(performance.now() - began).toBeLessThan(3_000);
    await expect(run(guest, { command: "true" })).rejects.toMatchObject({ name: "AppError" });
    guests.drop(id);

    await backend.start(id, soon());
    const again = guests.for({ id, backend, daemon: 1 });
    await again.ready(soon());
    expect((await run(again, { command: "cat told" })).stdout).toBe("told\n");
  });

  it("holds no more memory of its own than it must", async () => {
    const { guest } = await createCave("none");
    const pid = (await guest.processes(soon())).find(
      ({ command }) => command.includes("caved.mjs") && !command.includes("tini"),
    )?.pid;
    const { stdout } = await run(guest, { command: `cat /proc/${String(pid)}/smaps_rollup` });
    expect(Number(/^Anonymous:\s+(\d+)/m.exec(stdout)?.[1]) / 1024).toBeLessThan(18);
  });
});
