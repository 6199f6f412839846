import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { BackendCall } from "../backends/managed.ts";

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Figures of the gateway, for Prometheus. */
export interface Metrics extends Disposable {
  request(route: string, status: number, ms: number): void;
  backendCall(call: BackendCall): void;
  /** Asked for the caves by state when somebody reads the figures. */
  countCaves(count: () => Promise<Record<string, number>>): void;
  /** Where other parts put figures of their own. */
  readonly register: Registry;
  /** Prometheus' text format. */
  read(): Promise<string>;
}

export function createMetrics(): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register }); // memory, event loop lag, garbage collection, open handles
  const requests = new Histogram({
    name: "ghost_request_duration_seconds",
    help: "Time until an API request was answered, by endpoint and status",
    labelNames: ["route", "status"],
    buckets: seconds,
    registers,
  });
  const backendCalls = new Histogram({
    name: "ghost_backend_call_duration_seconds",
    help: "Time that a backend took for a verb",
    labelNames: ["backend", "verb"],
    buckets: seconds,
    registers,
  });
  const backendFailures = new Counter({
    name: "ghost_backend_failures_total",
    help: "Calls that a backend refused or failed",
    labelNames: ["backend", "verb"],
    registers,
  });
  let caves: () => Promise<Record<string, number>> = () => Promise.resolve({});
  new Gauge({
    name: "ghost_caves",
    help: "Caves by state",
    labelNames: ["state"],
    registers,
    async collect() {
      this.reset();
      for (const [state, count] of Object.entries(await caves())) this.set({ state }, count);
    },
  });
  return {
    register,
    request: (route, status, ms) => requests.observe({ route, status }, ms / 1000),
    backendCall({ backend, verb, ms, ok }) {
      backendCalls.observe({ backend, verb }, ms / 1000);
      if (!ok) backendFailures.inc({ backend, verb });
    },
    countCaves: (count) => void (caves = count),
    read: () => register.metrics(),
    [Symbol.dispose]: () => register.clear(),
  };
}
