"use client";
import { useEffect, useRef } from "react";
import UPlot from "uplot";
import { observeSize } from "../../../viewers/lib/observe-size.ts";
import { useAppearance } from "../use-appearance.ts";

export interface Line {
  readonly name: string;
  /** A variable of the page's colours. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
}

interface Props {
  label: string;
  times: readonly number[];
  lines: readonly Line[];
  format: (value: number) => string;
  most: number | undefined;
  /** Seconds that are shown. */
  span: number;
  /** Not while nobody sees it. */
  drawn: boolean;
  /** Where it is: a page that is not seen tells of no sizes. */
  window: Window;
}

const height = 116;

const clock = (seconds: number): string =>
  new Date(seconds * 1000).toLocaleTimeString("en-GB", { timeStyle: "short" });

/** Lines over time. Drawn by uPlot, which stays fast with thousands of points. */
export function Chart({ label, times, lines, format, most, span, drawn, window }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const appearance = useAppearance();
  const shape = lines.map(({ name, colour }) => `${name} ${colour}`).join(" ");
  const latest = useRef({ lines, format, most });
  useEffect(() => {
    latest.current = { lines, format, most };
  });

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name);
    const axis = {
      stroke: colour("--n10"),
      font: "11px 'JetBrains Mono Variable', monospace",
      grid: { stroke: colour("--n6"), width: 1 },
      ticks: { show: false },
    };
    const made = new UPlot(
      {
        width: element.clientWidth,
        height,
        padding: [6, 8, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { size: 6 } },
        scales: {
          y: {
            range: (_, low, high) => {
              const { most } = latest.current;
              if (most !== undefined && high > most * 0.5) return [0, Math.max(most, high)];
              return [0, Math.max(high * 1.25, 1, low)];
            },
          },
        },
        axes: [
          { ...axis, space: 70, size: 24, values: (_, ticks) => ticks.map(clock) },
          {
            ...axis,
            size: 62,
            space: 34,
            values: (_, ticks) => ticks.map((one) => latest.current.format(one)),
          },
        ],
        series: [
          {},
          ...latest.current.lines.map(({ name, colour: variable }) => ({
            label: name,
            stroke: colour(variable),
            fill: `color-mix(in oklab, ${colour(variable)} 12%, transparent)`,
            width: 1.5,
            points: { show: false },
          })),
        ],
      },
      [[], ...latest.current.lines.map(() => [])],
      element,
    );
    plot.current = made;
    const stop = observeSize(element, () => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height });
    });
    return () => {
      stop();
      made.destroy();
      plot.current = undefined;
    };
  }, [shape, appearance, window]);

  useEffect(() => {
    if (!drawn) return;
    const end = times.at(-1) ?? Date.now() / 1000;
    plot.current?.setData([[...times], ...lines.map(({ values }) => [...values])], false);
    plot.current?.setScale("x", { min: end - span, max: end });
  }, [times, lines, span, drawn, appearance, shape, window]);

  return <div ref={host} role="img" aria-label={label} style={{ height }} />;
}
