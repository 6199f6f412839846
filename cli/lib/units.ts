import { usage } from "./failure.ts";

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** `30m`, `1h30m`, `90s`; a bare number means seconds. In milliseconds. */
export function parseDuration(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  if (!/^(\d+(\.\d+)?(ms|[smhdw]))+$/.test(text))
    throw usage(`"${text}" is not a duration.`, "Write it like 90s, 30m, 8h, 1h30m or 7d.");
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g);
  const total = [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * unitMs[unit as "s"], 0);
  return Math.round(total);
}

/** `512m`, `2g`, `1.5g`, `2gb`; in MB of 2^20 bytes. */
export function parseMegabytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([kmgt])(?:i?b)?$/i.exec(text);
  if (!match) throw usage(`"${text}" is not a size.`, "Write it like 512m or 2g.");
  const power = { k: -1, m: 0, g: 1, t: 2 }[match[2]?.toLowerCase() as "k"];
  const megabytes = Math.round(Number(match[1]) * 1024 ** power);
  if (megabytes < 1) throw usage(`"${text}" is less than a megabyte.`, "Write it like 512m or 2g.");
  return megabytes;
}

export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) throw usage(`"${text}" is not a number.`);
  return value;
}

export function parseWhole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw usage(`"${text}" is not a whole number.`);
  return Number(text);
}

/** How long something took: `0.4 s`, `12 s`, `2m 05s`. */
export function showElapsed(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, "0")}s`;
}

/** How far away a moment is, in its largest unit: `12s`, `5m`, `3h`, `9d`. */
export function showSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

export const showAgo = (at: string, now: number): string => `${showSpan(now - Date.parse(at))} ago`;
export const showIn = (at: string, now: number): string => `in ${showSpan(Date.parse(at) - now)}`;

export function showBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${value >= 100 || unit === 0 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ""}`;
}

export const showMegabytes = (megabytes: number): string => showBytes(megabytes * 2 ** 20);
