import { expect, it } from "vitest";
import { rowsOf } from "./tree.ts";
import type { Process } from "#contract/inside.ts";

const process = (pid: number, parent: number, more: Partial<Process> = {}): Process => ({
  ...{ pid, parent, command: `p${pid}`, managed: false, running: true, cpuMs: 0, memoryBytes: pid },
  startedAt: "2026-01-01T00:00:00.000Z",
  ...more,
});

it("puts processes under their parents, orphans at the top", () => {
  const now = {
    at: 0,
    processes: [process(30, 2), process(2, 1), process(1, 0), process(9, 777), process(4, 1)],
  };
  expect(rowsOf(now, undefined, "tree").map(({ process: { pid }, level }) => [pid, level])).toEqual([
    [1, 0],
    [2, 1],
    [30, 2],
    [4, 1],
    [9, 0],
  ]);
});

it("tells CPU from two readings, and not for a pid that is another process by now", () => {
  const before = { at: 1000, processes: [process(1, 0, { cpuMs: 100 }), process(2, 1, { cpuMs: 900 })] };
  const again = process(2, 1, { cpuMs: 5, startedAt: "2026-01-02T00:00:00.000Z" });
  const now = { at: 3000, processes: [process(1, 0, { cpuMs: 1100 }), again] };
  expect(rowsOf(now, before, "cpu").map(({ process: { pid }, cpu }) => [pid, cpu])).toEqual([
    [1, 0.5],
    [2, undefined],
  ]);
});

it("ends with a process that claims to be its own parent", () => {
  expect(rowsOf({ at: 0, processes: [process(5, 5)] }, undefined, "tree")).toHaveLength(1);
});
