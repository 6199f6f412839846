import type { PanelKind } from "../panels.ts";

/** A panel that is there, as far as it matters to where the next one goes. */
export interface Standing {
  readonly id: string;
  readonly kind: PanelKind;
  readonly group: string;
  /** In front of the others of its group. */
  readonly front: boolean;
  /** In the page, not in a window of its own. */
  readonly docked: boolean;
  /** Of its group. */
  readonly width: number;
}

export type Place =
  | { readonly within: string }
  /** Takes half of that panel's group. */
  | { readonly beside: string; readonly direction: "left" | "right" | "above" };

const big: readonly PanelKind[] = ["code", "preview", "desktop", "editor", "jupyter"];
const small: readonly PanelKind[] = ["terminal", "logs", "ports", "metrics", "processes", "activity"];
/** What somebody looks at while working on something else. */
const watched: readonly PanelKind[] = ["preview", "desktop"];
/** Half of a group that is narrower is no width for lines of text. */
const narrow = 800;

/** Beside its like; what is looked at not over the terminals, terminals not over what is looked at, and a file not over what is watched. */
export function placeFor(kind: PanelKind, standing: readonly Standing[]): Place | undefined {
  const last = (kinds: readonly PanelKind[], among = standing) =>
    among.findLast((one) => kinds.includes(one.kind));
  const docked = standing.filter((one) => one.docked);
  if (kind === "editor") {
    const seen = standing.filter((one) => one.front && watched.includes(one.kind));
    const free = (one: Standing) => !seen.some(({ group }) => group === one.group);
    const over = last(["editor"], standing.filter(free)) ?? last(big, docked.filter(free));
    if (over) return { within: over.group };
  } else {
    const like = last([kind]);
    if (like) return { within: like.group };
    const other = docked.find((one) => (big.includes(kind) ? big : small).includes(one.kind));
    if (other) return { within: other.group };
    if (!big.includes(kind)) return undefined;
  }
  const terminal = docked.find((one) => one.kind === "terminal");
  if (terminal) {
    const above = kind === "editor" && terminal.width < narrow;
    return { beside: terminal.id, direction: above ? "above" : "right" };
  }
  const other = kind === "editor" ? last(watched, docked) : undefined;
  return other && { beside: other.id, direction: "left" };
}
