import { readdirSync, readFileSync } from "node:fs";
import { startGateway } from "../../tests/support/gateway-process.ts";
import { engine } from "../engine.ts";
import { type Case, figure, pssOf } from "../harness.ts";

const MB = 2 ** 20;
const caves = 10;

/** What an idle cave costs: the proportional memory of all its processes and of the engine's shim, over ten caves of one image. */
export const idle: Case = {
  name: "idle",
  async run(report) {
    await using ghost = await startGateway();
    const { client } = ghost;
    const ids: string[] = [];
    for (let i = 0; i < caves; i += 1)
      ids.push((await client.caves.create({ body: { image: "ghost/cave:base" } })).id);

    const perProcess = new Map<string, number[]>();
    const totals: number[] = [];
    for (const id of ids) {
      const { Id: containerId, State } = await engine.getContainer(`ghost-${id}`).inspect();
      const pids = [...descendants(State.Pid), ...shims(containerId)];
      totals.push(pids.reduce((sum, pid) => sum + pssOf(pid), 0) / MB);
      for (const pid of pids) {
        const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
        perProcess.set(name, [...(perProcess.get(name) ?? []), pssOf(pid) / MB]);
      }
    }
    const total = figure(`idle cave, all processes and shim (PSS of ${caves})`, totals, {
      unit: "MB",
      goal: "≤ 30 MB",
    });
    report({ ...total, met: total.p50 <= 30 });
    for (const [name, samples] of perProcess) report(figure(`  ${name}`, samples, { unit: "MB" }));
  },
};

function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number);
  return [pid, ...children.flatMap(descendants)];
}

function shims(containerId: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return line.includes("containerd-shim") && line.includes(containerId);
      } catch {
        return false;
      }
    })
    .map(Number);
}
