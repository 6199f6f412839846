import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGateway } from "../../tests/support/gateway-process.ts";
import { openStore } from "../store/open-store.ts";
import { startRunner, type Runner } from "./testing/runner.ts";

let runner: Runner;
beforeAll(async () => {
  runner = await startRunner({ GHOST_EXECUTOR_POOL: "python=4,bash=2,javascript=0" });
});
afterAll(() => runner[Symbol.asyncDispose]());

/** Ten kinds of what a run could leave for the next. */
const residue = `
import os, subprocess, socket, mmap, signal
def quietly(work):
  try: work()
  except OSError: pass
quietly(lambda: open('/tmp/mark', 'w').write('MARK'))
quietly(lambda: open('/work/.hidden', 'w').write('MARK'))
quietly(lambda: open('/dev/shm/mark', 'w').write('MARK'))
quietly(lambda: open('/dev/mqueue/mark', 'w').write('MARK'))
quietly(lambda: os.mkfifo('/tmp/fifo'))
quietly(lambda: os.symlink('/etc/passwd', '/work/link'))
s = socket.socket(socket.AF_UNIX); quietly(lambda: s.bind('\\0mark')); s.listen()
t = socket.socket(); quietly(lambda: t.bind(('127.0.0.1', 7777))); t.listen()
quietly(lambda: subprocess.Popen(['sh', '-c', 'trap "" HUP TERM; while :; do sleep 1; done'], start_new_session=True))
import ctypes; ctypes.CDLL(None).shmget(0x4d41524b, 4096, 0o1666)
os.environ['MARK'] = '1'
print('left')
`;

const look = `
import os, socket, subprocess
seen = []
for d in ('/tmp', '/work', '/dev/shm', '/dev/mqueue'):
  seen += [f'{d}/{n}' for n in os.listdir(d) if n != 'main.py']
seen += [p for p in os.listdir('/proc') if p.isdigit() and int(p) not in (1, os.getpid())]
seen += [l for l in open('/proc/net/unix').read().splitlines()[1:] if 'mark' in l]
seen += open('/proc/sysvipc/shm').read().splitlines()[1:]
try: socket.create_connection(('127.0.0.1', 7777), 1); seen.append('listener')
except OSError: pass
seen += [n for n in os.environ if n == 'MARK']
print(seen, open('/proc/self/cgroup').read().count('/docker/'))
`;

describe("a slot", () => {
  it("hands nothing of 200 runs on to whoever comes next", async () => {
    const other = runner.server.as(await runner.server.tokenOf("bob", ["runs"], "member"));
    const users = new Set<string>();
    for (let round = 0; round < 50; round++) {
      const left = await Promise.all([1, 2, 3, 4].map(() => runner.run("python", residue)));
      for (const run of left) expect(run).toMatchObject({ status: "ok", stdout: "left\n" });
      if (round % 5 !== 0) continue;
      const next = await other.runs.create({ body: { language: "python", code: look } });
      expect(next.stdout).toMatch(/^\[\] \d+\n$/);
      const who = await other.runs.create({ body: { language: "bash", code: "id -u" } });
      users.add(who.stdout);
    }
    expect(users.size).toBe(10); // each was somebody else to the kernel
  }, 240_000);
});

async function instanceOf(home: string): Promise<string> {
  await using store = await openStore({ path: join(home, "ghost.db") });
  return await store.settings.instanceId();
}

describe("a gateway that is killed", () => {
  it("takes its containers with it, also those that run", async () => {
    const docker = new Docker();
    await using ghost = await startGateway({
      GHOST_EXECUTOR_POOL: "python=2,bash=1,javascript=0",
      GHOST_EXECUTOR_WARM_AFTER_MS: "0",
    });
    const code = "import time; time.sleep(600)";
    const { id } = await ghost.client.runs.create({
      body: { language: "python", code, timeoutMs: 300_000, wait: false },
    });
    const status = async () => (await ghost.client.runs.get({ params: { id } })).status;
    await expect.poll(status, { timeout: 20_000 }).toBe("running");
    const pool = async () =>
      (await ghost.client.runs.languages()).languages.find(({ name }) => name === "python")?.pool.available;
    await expect.poll(pool, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    const instance = await instanceOf(ghost.home);
    const label = [`ghost.instance=${instance}`, "ghost.slot"];
    const idsOf = async (all: boolean) =>
      (await docker.listContainers({ all, filters: { label } })).map(({ Id }) => Id);
    expect((await idsOf(false)).length).toBeGreaterThanOrEqual(3);
    await ghost.kill("SIGKILL");
    await expect.poll(() => idsOf(false), { timeout: 20_000 }).toEqual([]);
    // One that was being made is there, and does not run: the next gateway removes it.
    const left = await idsOf(true);
    await ghost.start();
    await expect
      .poll(async () => (await idsOf(true)).filter((one) => left.includes(one)), { timeout: 20_000 })
      .toEqual([]);
    expect(await ghost.client.runs.get({ params: { id } })).toMatchObject({
      status: "internal_error",
      reason: expect.stringContaining("gateway") as string,
    });
    expect(await ghost.client.runs.create({ body: { language: "python", code: "print(1)" } })).toMatchObject({
      status: "ok",
    });
  });
});
