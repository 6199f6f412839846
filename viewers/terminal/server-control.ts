import type { ServerControl } from "#contract/frames.ts";

const mostCols = 1000;
const mostRows = 500;
const mostTitle = 120;

/** Undefined for what makes no sense: the other end runs in the cave, and whoever has the cave may have it say anything. */
export function readControl(text: string): ServerControl | undefined {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof said !== "object" || said === null) return undefined;
  const one = said as Record<string, unknown>;
  const size = { cols: whole(one["cols"], 1, mostCols), rows: whole(one["rows"], 1, mostRows) };
  const viewers = whole(one["viewers"], 0, 10_000);
  const control = one["control"] === true;
  switch (one["type"]) {
    case "attached": {
      const offset = whole(one["offset"], 0, Number.MAX_SAFE_INTEGER);
      return { type: "attached", offset, ...size, viewers, control, resumed: one["resumed"] === true };
    }
    case "size":
      return { type: "size", ...size };
    case "viewers":
      return { type: "viewers", viewers, control };
    case "title":
      return { type: "title", title: shownTitle(one["title"]) };
    case "pong":
      return { type: "pong", id: whole(one["id"], 0, Number.MAX_SAFE_INTEGER) };
    case "exit": {
      const { exitCode, signal } = one;
      return {
        type: "exit",
        exitCode: typeof exitCode === "number" ? whole(exitCode, -255, 255) : null,
        ...(typeof signal === "string" && { signal: shownTitle(signal) }),
      };
    }
    default:
      return undefined;
  }
}

function whole(value: unknown, least: number, most: number): number {
  const number = typeof value === "number" && Number.isFinite(value) ? Math.trunc(value) : least;
  return Math.min(most, Math.max(least, number));
}

/** As it may stand in a tab: one short line, without what turns the direction of the text around it. */
export function shownTitle(title: unknown): string {
  if (typeof title !== "string") return "";
  return title
    .slice(0, 4 * mostTitle)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .trim()
    .slice(0, mostTitle);
}
