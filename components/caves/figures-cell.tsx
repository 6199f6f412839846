"use client";
import { bytes, megabytes, percent } from "../lib/units.ts";
import { useFigures } from "../live/figures.ts";
import { Sparkline } from "../ui/sparkline.tsx";
import type { Cave } from "#contract/cave.ts";

/** Of the cave's own limit: a cave at 100 % has nothing left. */
export function CpuCell({ cave }: { cave: Cave }) {
  const { latest, cpu } = useFigures(cave.id);
  const value = latest?.cpuPercent;
  return (
    <span className="flex items-center gap-2.5">
      <Sparkline values={cpu} className={(value ?? 0) >= 90 ? "text-warn" : "text-accent-ink"} />
      <span className="figures w-11 text-right text-dim">{value === undefined ? "–" : percent(value)}</span>
    </span>
  );
}

export function MemoryCell({ cave }: { cave: Cave }) {
  const { latest, memory } = useFigures(cave.id);
  const full = (memory.at(-1) ?? 0) >= 0.9;
  return (
    <span className="flex items-center gap-2.5">
      <Sparkline values={memory} className={full ? "text-warn" : "text-busy"} />
      <span className="figures whitespace-nowrap text-dim">
        {latest === undefined ? "–" : bytes(latest.memoryBytes)}
        <span className="text-faint"> / {megabytes(cave.limits.memoryMb)}</span>
      </span>
    </span>
  );
}
