import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Admission } from "./admission.ts";
import type { Pool } from "./pool.ts";
import type { RunRecord } from "./run-record.ts";

export interface RunMetrics {
  ended(record: RunRecord): void;
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Figures of the executor, for Prometheus. */
export function executorMetrics(
  register: Registry,
  state: { admission: Admission; pools: () => readonly Pool[] },
): RunMetrics {
  const registers = [register];
  const runs = new Counter({
    name: "ghost_runs_total",
    help: "Runs that have ended, by language, verdict and whether a container was waiting",
    labelNames: ["language", "status", "warm"],
    registers,
  });
  const wall = new Histogram({
    name: "ghost_run_duration_seconds",
    help: "Time that the code of runs took",
    labelNames: ["language"],
    buckets: seconds,
    registers,
  });
  const wait = new Histogram({
    name: "ghost_run_queue_seconds",
    help: "Time until runs had a container",
    labelNames: ["language"],
    buckets: seconds,
    registers,
  });
  new Gauge({
    name: "ghost_runs",
    help: "Runs under way and in the queue",
    labelNames: ["state"],
    registers,
    collect() {
      this.set({ state: "running" }, state.admission.running);
      this.set({ state: "queued" }, state.admission.waiting);
    },
  });
  new Gauge({
    name: "ghost_slots",
    help: "Containers for runs by pool and state",
    labelNames: ["pool", "state"],
    registers,
    collect() {
      this.reset();
      for (const pool of state.pools()) {
        const of = (name: string, value: number) => this.set({ pool: pool.key, state: name }, value);
        of("available", pool.ready.length);
        of("starting", pool.starting);
        of("active", pool.active);
        of("target", pool.target);
      }
    },
  });
  return {
    ended({ language, status, warm, wallMs, queueMs }) {
      runs.inc({ language, status, warm: String(warm) });
      wall.observe({ language }, wallMs / 1000);
      wait.observe({ language }, queueMs / 1000);
    },
  };
}
