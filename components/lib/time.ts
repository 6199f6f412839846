const units = [
  [86_400, "d"],
  [3600, "h"],
  [60, "m"],
  [1, "s"],
] as const;

/** `8 s`, `4 m`, `2 h`, `3 d`: the largest unit alone, as lists have room for. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [size, name] = units.find(([size]) => seconds >= size) ?? units[3];
  return `${Math.floor(seconds / size)} ${name}`;
}

/** `1 h 05 m`: what a countdown needs. */
export function longSpan(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, "0")} m`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export const ago = (at: string, now: number): string => {
  const ms = now - Date.parse(at);
  return ms < 5000 ? "just now" : `${span(ms)} ago`;
};

/** The whole of it, in the reader's own zone. */
export const absolute = (at: string): string =>
  new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
