"use client";
import "uplot/dist/uPlot.min.css";
import { useMemo, useState } from "react";
import { useStore } from "../../lib/store.ts";
import { bytes, percent } from "../../lib/units.ts";
import { PanelBar } from "../panel-bar.tsx";
import { useWorkbench, type PanelProps } from "../workbench-context.ts";
import { Chart, type Line } from "./chart.tsx";
import { historyOf } from "./history.ts";
import { seriesOf } from "./series.ts";

const spans = { "5 min": 300, "15 min": 900, "1 h": 3600 } as const;

/** What the cave takes, over time, since its page was opened. */
export function MetricsPanel({ place }: PanelProps) {
  const { cave } = useWorkbench();
  const all = useStore(historyOf(cave.id));
  const [span, setSpan] = useState<keyof typeof spans>("5 min");
  const last = all.at(-1);
  const series = useMemo(() => seriesOf(all), [all]);
  const { limits } = cave;
  const charts: {
    title: string;
    now: string;
    lines: Line[];
    format: (value: number) => string;
    most?: number;
  }[] = [
    {
      title: "CPU",
      now: last ? `${percent(last.cpuPercent ?? 0)} of ${limits.cpus} cores` : "",
      lines: [{ name: "CPU", colour: "--accent", values: series.cpu }],
      format: percent,
      most: 100,
    },
    {
      title: "Memory",
      now: last ? `${bytes(last.memoryBytes)} of ${bytes(last.memoryLimitBytes)}` : "",
      lines: [{ name: "Memory", colour: "--busy", values: series.memory }],
      format: bytes,
      most: limits.memoryMb * 1_048_576,
    },
    {
      title: "Network",
      now: last ? `${bytes(series.rx.at(-1) ?? 0)}/s in, ${bytes(series.tx.at(-1) ?? 0)}/s out` : "",
      lines: [
        { name: "In", colour: "--ok", values: series.rx },
        { name: "Out", colour: "--asleep", values: series.tx },
      ],
      format: (value) => `${bytes(value)}/s`,
    },
    {
      title: "Disk",
      now:
        last?.diskBytes === undefined
          ? "not measured"
          : `${bytes(last.diskBytes)} of ${bytes(last.diskLimitBytes ?? limits.diskMb * 1_048_576)}`,
      lines: [{ name: "Disk", colour: "--warn", values: series.disk }],
      format: bytes,
    },
    {
      title: "Processes",
      now: last ? `${last.pids} of ${limits.pids}` : "",
      lines: [{ name: "Processes", colour: "--n10", values: series.pids }],
      format: (value) => String(Math.round(value)),
    },
  ];
  return (
    <div className="flex h-full flex-col">
      <PanelBar label="Metrics">
        <span className="truncate text-xs text-faint">Since the page was first opened</span>
        <span role="group" aria-label="Span" className="ml-auto flex shrink-0">
          {Object.keys(spans).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === span}
              onClick={() => setSpan(name as keyof typeof spans)}
              className="h-6 shrink-0 rounded-sm px-2 text-xs whitespace-nowrap text-dim hover:bg-hover aria-pressed:bg-active aria-pressed:text-ink pointer-coarse:h-11"
            >
              {name}
            </button>
          ))}
        </span>
      </PanelBar>
      <div
        role="region"
        aria-label="Figures"
        tabIndex={0}
        className="grid min-h-0 grow auto-rows-min grid-cols-[repeat(auto-fill,minmax(min(100%,18rem),1fr))] gap-px overflow-auto bg-line"
      >
        {charts.map(({ title, now, lines, format, most }) => (
          <section key={title} aria-label={title} className="bg-surface p-3">
            <h2 className="mb-1 flex items-baseline justify-between gap-2 text-xs">
              <span className="font-medium">{title}</span>
              <span className="figures text-dim">{now}</span>
            </h2>
            <Chart
              label={`${title}: ${now}`}
              times={series.at}
              lines={lines}
              format={format}
              most={most}
              span={spans[span]}
              drawn={place.visible}
              window={place.window}
            />
          </section>
        ))}
      </div>
    </div>
  );
}
