import { AppError } from "../../lib/app-error.ts";
import type { BackendStats } from "../backend.ts";
import { within } from "./client.ts";
import type { Engine } from "./engine.ts";

/** Of the engine's answer, what we read; parts are absent where a cgroup version or a network mode has none. */
export interface EngineStats {
  cpu_stats: { cpu_usage?: { total_usage?: number } };
  memory_stats: { usage?: number; limit?: number; stats?: Record<string, number> };
  pids_stats?: { current?: number };
  networks?: Record<string, { rx_bytes: number; tx_bytes: number }>;
}

export function stats(engine: Engine, id: string, signal: AbortSignal): Promise<BackendStats> {
  return engine.containers.with(id, signal, async (container) => {
    const answer = (await container.stats({
      stream: false,
      "one-shot": true,
      ...within(signal),
    })) as unknown as EngineStats;
    if (answer.memory_stats.usage === undefined) throw new AppError("cave_state", "The cave is not running.");
    return reading(answer);
  });
}

/** Page cache that the kernel can drop at will is not counted as use: `total_inactive_file` on cgroup v1, `inactive_file` on v2. */
export function reading({ cpu_stats, memory_stats, pids_stats, networks }: EngineStats): BackendStats {
  const used = memory_stats.usage ?? 0;
  const droppable = memory_stats.stats?.["total_inactive_file"] ?? memory_stats.stats?.["inactive_file"] ?? 0;
  const traffic = Object.values(networks ?? {});
  return {
    cpuMs: (cpu_stats.cpu_usage?.total_usage ?? 0) / 1e6,
    memoryBytes: Math.max(0, used - droppable),
    memoryLimitBytes: memory_stats.limit ?? 0,
    pids: pids_stats?.current ?? 0,
    rxBytes: traffic.reduce((sum, { rx_bytes }) => sum + rx_bytes, 0),
    txBytes: traffic.reduce((sum, { tx_bytes }) => sum + tx_bytes, 0),
  };
}
