import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";

/** One row of the table: what was measured, against what, in the same run. Times in milliseconds unless `unit` says otherwise. */
export interface Figure {
  name: string;
  unit: string;
  n: number;
  p50: number;
  p95: number;
  reference?: { name: string; n: number; p50: number; p95: number };
  /** p50 over the reference's p50. */
  ratio?: number;
  goal?: string;
  met?: boolean;
  note?: string;
}

export interface Case {
  name: string;
  run: (report: (figure: Figure) => void) => Promise<void>;
}

export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export async function time(action: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await action();
  return performance.now() - before;
}

/** A figure from samples that were taken elsewhere. */
export function figure(name: string, samples: readonly number[], rest: Partial<Figure> = {}): Figure {
  return {
    name,
    unit: "ms",
    n: samples.length,
    p50: percentile(samples, 50),
    p95: percentile(samples, 95),
    ...rest,
  };
}

/** What one leaves running (an engine tidies up for some time after it has answered) is not counted against the other. */
const settleMs = 50;

/**
 * Measures ours and the reference in turn, so that whatever else the machine does meets both alike. The first `warmUp` rounds do not count.
 */
export async function compare(options: {
  name: string;
  reference: string;
  n: number;
  warmUp?: number;
  maxRatio: number;
  ours: () => Promise<number>;
  theirs: () => Promise<number>;
}): Promise<Figure> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -(options.warmUp ?? 2); round < options.n; round += 1) {
    const a = await options.ours();
    await pause(settleMs);
    const b = await options.theirs();
    await pause(settleMs);
    if (round >= 0) {
      ours.push(a);
      theirs.push(b);
    }
  }
  const ratio = percentile(ours, 50) / percentile(theirs, 50);
  return figure(options.name, ours, {
    reference: {
      name: options.reference,
      n: theirs.length,
      p50: percentile(theirs, 50),
      p95: percentile(theirs, 95),
    },
    ratio,
    goal: `≤ ${options.maxRatio} ×`,
    met: ratio <= options.maxRatio,
  });
}

/** Resident memory of a process in bytes. */
export function rssOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
}

/** Peak resident memory since the last reset, in bytes. */
export function peakRssOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
}

/** Proportional memory of a process in bytes: pages shared by n processes count for 1/n. */
export function pssOf(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0) * 1024;
}

export function machine(): Record<string, string | number> {
  return {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? "",
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
  };
}

export function table(figures: readonly Figure[]): string {
  const head = ["what", "n", "p50", "p95", "reference", "p50", "ratio", "goal", "", "note"];
  const rows = figures.map((f) => [
    f.name,
    String(f.n),
    `${round(f.p50)} ${f.unit}`,
    `${round(f.p95)} ${f.unit}`,
    f.reference?.name ?? "",
    f.reference ? `${round(f.reference.p50)} ${f.unit}` : "",
    f.ratio === undefined ? "" : `${f.ratio.toFixed(2)} ×`,
    f.goal ?? "",
    f.met === undefined ? "" : f.met ? "met" : "MISSED",
    f.note ?? "",
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
