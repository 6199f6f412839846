const levels: Readonly<Record<number, string>> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};

/** A line of the gateway's JSON log for a person, or undefined for what only the log file needs: single requests, debugging. */
export function humanLine(line: string): string | undefined {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line.trim() === "" ? undefined : line; // a crash, most likely
  }
  const level = Number(entry["level"] ?? 30);
  if (level < 30 || (level === 30 && "request" in entry)) return undefined;
  const time = new Date(entry["time"] as string | number).toTimeString().slice(0, 8);
  const reason = (entry["err"] as { message?: unknown } | undefined)?.message;
  const text = typeof entry["msg"] === "string" ? entry["msg"] : "";
  return `${time} ${level > 30 ? `${levels[level] ?? level}: ` : ""}${text}${typeof reason === "string" && !text.includes(reason) ? ` (${reason})` : ""}`;
}
