import type { Stats } from "#contract/cave.ts";

/** Nothing was heard for so long: a line across it would be an invention. */
const gapMs = 60_000;

type Values = readonly (number | null)[];

export interface Series {
  /** Seconds, as uPlot has them. */
  readonly at: readonly number[];
  readonly cpu: Values;
  readonly memory: Values;
  readonly disk: Values;
  readonly pids: Values;
  readonly rx: Values;
  readonly tx: Values;
}

/** Readings as lines; counters as what they grow by in a second. */
export function seriesOf(all: readonly Stats[]): Series {
  const points: (Stats | { at: string; gap: true })[] = [];
  for (const one of all) {
    const before = points.at(-1);
    const from = before === undefined ? Infinity : Date.parse(before.at);
    if (Date.parse(one.at) - from > gapMs)
      points.push({ at: new Date(from + 1000).toISOString(), gap: true });
    points.push(one);
  }
  const values = (read: (one: Stats, before: Stats | undefined) => number) =>
    points.map((one, index) => {
      if ("gap" in one) return null;
      const before = points[index - 1];
      return read(one, before === undefined || "gap" in before ? undefined : before);
    });
  const rate = (read: (one: Stats) => number) =>
    values((one, before) => {
      if (before === undefined) return 0;
      const seconds = (Date.parse(one.at) - Date.parse(before.at)) / 1000;
      // A cave that was started again counts from nothing.
      return seconds <= 0 ? 0 : Math.max(0, (read(one) - read(before)) / seconds);
    });
  return {
    at: points.map(({ at }) => Date.parse(at) / 1000),
    cpu: values(({ cpuPercent }) => cpuPercent ?? 0),
    memory: values(({ memoryBytes }) => memoryBytes),
    disk: values(({ diskBytes }) => diskBytes ?? 0),
    pids: values(({ pids }) => pids),
    rx: rate(({ rxBytes }) => rxBytes),
    tx: rate(({ txBytes }) => txBytes),
  };
}
