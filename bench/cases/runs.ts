import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { startGateway, type GatewayProcess } from "../../tests/support/gateway-process.ts";
import { engine } from "../engine.ts";
import { type Case, figure, percentile, pssOf, time, type Figure } from "../harness.ts";

const rounds = 50;
/** Not a version manager's shim. */
const systemPython = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
const hello: Record<string, { code: string; goal: number }> = {
  python: { code: "print('hello')", goal: 10 },
  bash: { code: "echo hello", goal: 10 },
  javascript: { code: "console.log('hello')", goal: 12 },
  typescript: { code: "const a: string = 'hello'; console.log(a)", goal: 20 },
  c: { code: '#include <stdio.h>\nint main(void) { puts("hello"); }', goal: 150 },
  java: {
    code: 'public class Main { public static void main(String[] a) { System.out.println("hello"); } }',
    goal: 120,
  },
  go: { code: 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello") }', goal: 500 },
};

/** Code run once, warm: over REST against the same started bare on the host; stages; the gateway's own CPU. */
export const runs: Case = {
  name: "runs",
  async run(report) {
    await using ghost = await startGateway({ GHOST_EXECUTOR_WARM_AFTER_MS: "0", GHOST_EXECUTOR_POOL: "off" });
    for (const [language, { code, goal }] of Object.entries(hello)) {
      const built = (await ghost.client.runs.languages()).languages.find(
        (one) => one.name === language,
      )?.ready;
      if (built !== true) continue; // its image is built on demand: the table has what is there
      await ghost.client.runs.warm({ params: { language }, body: { size: 4 } });
      const bare = language === "python" ? () => host(systemPython, ["-c", code]) : undefined;
      const ours: number[] = [];
      const theirs: number[] = [];
      const stages = {
        lease: [] as number[],
        write: [] as number[],
        run: [] as number[],
        exit: [] as number[],
      };
      for (let round = -3; round < rounds; round++) {
        await waiting(ghost, language);
        let answer: Awaited<ReturnType<typeof ghost.client.runs.create>> | undefined;
        const taken = await time(async () => {
          answer = await ghost.client.runs.create({ body: { language, code } });
        });
        if (answer?.stdout !== "hello\n" || !answer.warm) throw new Error(JSON.stringify(answer));
        const alone = bare && (await time(bare));
        if (round < 0) continue;
        ours.push(taken);
        if (alone !== undefined) theirs.push(alone);
        for (const stage of ["lease", "write", "run", "exit"] as const)
          stages[stage].push(answer.timings?.[`${stage}Ms`] ?? 0);
      }
      const p50 = percentile(ours, 50);
      const against: Partial<Figure> =
        theirs.length === 0
          ? { goal: `≤ ${goal} ms`, met: p50 <= goal }
          : {
              reference: {
                name: "python3 -c on the host",
                n: theirs.length,
                p50: percentile(theirs, 50),
                p95: percentile(theirs, 95),
              },
              ratio: p50 / percentile(theirs, 50),
              goal: "≤ 1.2 ×",
              met: p50 <= 1.2 * percentile(theirs, 50),
            };
      report(figure(`warm ${language} hello (REST)`, ours, against));
      if (language === "python") {
        for (const [stage, values] of Object.entries(stages)) report(figure(`  of which ${stage}`, values));
      }
      report(await memoryOf(ghost, language));
      await ghost.client.runs.warm({ params: { language }, body: { size: 0 } });
    }
  },
};

/** The pool empty, against `docker run --rm` with the same limits; and one after the other without end. */
export const coldRuns: Case = {
  name: "cold-runs",
  async run(report) {
    await using ghost = await startGateway({
      GHOST_EXECUTOR_POOL: "off",
      GHOST_EXECUTOR_MEMORY_MB: "0",
      GHOST_EXECUTOR_CONCURRENCY: "4",
    });
    const body = { language: "python", code: "print('hello')" };
    const cold = async () => {
      const run = await ghost.client.runs.create({ body });
      if (run.warm || run.stdout !== "hello\n") throw new Error(JSON.stringify(run));
    };
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = -2; round < rounds; round++) {
      const a = await time(cold);
      await pause(100);
      const b = await time(dockerRun);
      await pause(100);
      if (round >= 0) {
        ours.push(a);
        theirs.push(b);
      }
    }
    const ratio = percentile(ours, 50) / percentile(theirs, 50);
    report(
      figure("cold Python (pool empty)", ours, {
        reference: {
          name: "docker run --rm",
          n: rounds,
          p50: percentile(theirs, 50),
          p95: percentile(theirs, 95),
        },
        ratio,
        goal: "≤ 0.6 ×",
        met: ratio <= 0.6,
      }),
    );
    const bestOf = async (work: () => Promise<unknown>, n: number) =>
      Math.max(...(await inTurn([1, 2, 4].map((clients) => () => perSecond(work, clients, n)))));
    const bare = await bestOf(dockerRun, 24);
    const mine = await bestOf(() => ghost.client.runs.create({ body }), 60);
    report(
      figure("single-use runs, sustained", [mine], {
        unit: "/s",
        reference: { name: "loop of docker run --rm", n: 1, p50: bare, p95: bare },
        ratio: mine / bare,
        goal: "≥ 1.5 ×",
        met: mine >= 1.5 * bare,
      }),
    );
    report(figure("bubblewrap python3 -c (shares the host's kernel objects, no cgroup)", await peer()));
  },
};

/** A thousand runs from twenty clients: every answer right, nothing left. */
export const thousandRuns: Case = {
  name: "thousand-runs",
  async run(report) {
    await using ghost = await startGateway({
      GHOST_EXECUTOR_POOL: "python=4,bash=4,javascript=0",
      GHOST_EXECUTOR_QUEUE: "200",
    });
    const taken: number[] = [];
    let wrong = 0;
    let next = 0;
    const cpuBefore = cpuMsOf(ghost.pid);
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let n = next++; n < 1000; n = next++) {
          const body =
            n % 2 === 0
              ? { language: "python", code: `print(${n} * 3)` }
              : { language: "bash", code: `echo $((${n} * 3))` };
          const began = performance.now();
          const run = await ghost.client.runs.create({ body });
          taken.push(performance.now() - began);
          if (run.status !== "ok" || run.stdout !== `${n * 3}\n`) wrong++;
        }
      }),
    );
    report(figure("1000 runs from 20 clients", taken));
    report(figure("  gateway CPU per run, its slot included", [(cpuMsOf(ghost.pid) - cpuBefore) / 1000]));
    report(figure("  wrong answers", [wrong], { unit: "", goal: "0", met: wrong === 0 }));
  },
};

async function waiting(ghost: GatewayProcess, language: string): Promise<void> {
  for (;;) {
    const { languages } = await ghost.client.runs.languages();
    const pool = languages.find(({ name }) => name === language)?.pool;
    // Settled, so that the next run does not meet the start of the slot after it.
    if (pool && pool.available >= pool.target && pool.starting === 0 && pool.active === 0) return;
    await pause(20);
  }
}

const host = async (command: string, args: string[]) => {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  child.stdout.resume();
  await once(child, "close");
};

const dockerRun = () =>
  host("docker", [
    ...[
      "run",
      "--rm",
      "--network",
      "none",
      "--read-only",
      "--memory",
      "512m",
      "--memory-swap",
      "512m",
      "--cpus",
      "1",
    ],
    ...[
      "--pids-limit",
      "136",
      "--cap-drop",
      "ALL",
      "--security-opt",
      "no-new-privileges",
      "--log-driver",
      "none",
    ],
    ...["--tmpfs", "/work:size=64m", "--tmpfs", "/tmp:size=64m", "-u", "20000", "ghost/run:python"],
    ...["python3", "-c", "print('hello')"],
  ]);

async function peer(): Promise<number[]> {
  const given = [
    "--ro-bind",
    "/usr",
    "/usr",
    "--ro-bind",
    "/lib",
    "/lib",
    "--symlink",
    "usr/lib64",
    "/lib64",
  ];
  const args = [...given, "--proc", "/proc", "--unshare-all", "python3", "-c", "print('hello')"];
  if (spawnSync("bwrap", args).status !== 0) return [Number.NaN];
  const times: number[] = [];
  for (let round = 0; round < 20; round++) times.push(await time(() => host("bwrap", args)));
  return times;
}

async function perSecond(work: () => Promise<unknown>, clients: number, n: number): Promise<number> {
  let left = n;
  const ms = await time(() =>
    Promise.all(
      Array.from({ length: clients }, async () => {
        while (left-- > 0) await work();
      }),
    ),
  );
  return (n / ms) * 1000;
}

async function inTurn<T>(all: (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  for (const one of all) results.push(await one());
  return results;
}

/** Processor time of a process so far. */
function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const mostMb: Record<string, number> = { python: 12, javascript: 25, bash: 3 };

/** Proportional memory of a waiting container's processes; the engine's shim is a line of its own. */
async function memoryOf(ghost: GatewayProcess, language: string): Promise<Figure> {
  await waiting(ghost, language);
  const containers = await engine.listContainers({ filters: { label: [`ghost.slot=${language}`] } });
  const own: number[] = [];
  const shims: number[] = [];
  for (const { Id } of containers) {
    const { State } = await engine.getContainer(Id).inspect();
    const shim = Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${State.Pid}/status`, "utf8"))?.[1]);
    const tree = readdirSync("/proc").filter(
      (pid) => /^\d+$/.test(pid) && (Number(pid) === State.Pid || parentOf(pid) === State.Pid),
    );
    own.push(tree.reduce((sum, pid) => sum + pssOf(Number(pid)), 0) / 1e6);
    shims.push(pssOf(shim) / 1e6);
  }
  const most = mostMb[language];
  const p50 = percentile(own, 50);
  return figure(
    `  waiting slot of ${language}: PSS (shim: ${percentile(shims, 50).toFixed(1)} MB more)`,
    own,
    {
      unit: "MB",
      ...(most !== undefined && { goal: `≤ ${most} MB`, met: p50 <= most }),
    },
  );
}

function parentOf(pid: string): number {
  try {
    return Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return 0; // it has ended meanwhile
  }
}
