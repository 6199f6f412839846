import { cx } from "../lib/cx.ts";
import type { CaveState } from "#contract/cave.ts";

/** Each state has a shape of its own beside its colour. */
const shapes: Record<CaveState, { className: string; draw: React.ReactNode }> = {
  running: { className: "text-ok", draw: <circle cx="6" cy="6" r="4" fill="currentColor" /> },
  creating: {
    className: "text-busy motion-safe:animate-pulse-dot",
    draw: (
      <circle
        cx="6"
        cy="6"
        r="3.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeDasharray="3.2 2.3"
      />
    ),
  },
  paused: {
    className: "text-asleep",
    draw: <path d="M4 2.5v7M8 2.5v7" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
  },
  stopped: {
    className: "text-ghost",
    draw: <rect x="2.5" y="2.5" width="7" height="7" rx="1.5" fill="currentColor" />,
  },
  failed: {
    className: "text-danger",
    draw: <path d="M6 1.4 11.2 10.5H.8Z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />,
  },
  removing: {
    className: "text-faint motion-safe:animate-pulse-dot",
    draw: <path d="m3 3 6 6M9 3 3 9" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />,
  },
};

export const stateWords: Record<CaveState, string> = {
  running: "Running",
  creating: "Starting",
  paused: "Paused",
  stopped: "Stopped",
  failed: "Failed",
  removing: "Deleting",
};

/** Without `label` it is decoration beside the word. */
export function StateDot({ state, label = false }: { state: CaveState; label?: boolean }) {
  const { className, draw } = shapes[state];
  return (
    <svg
      viewBox="0 0 12 12"
      className={cx("size-3 shrink-0", className)}
      {...(label ? { role: "img", "aria-label": stateWords[state] } : { "aria-hidden": true })}
    >
      {draw}
    </svg>
  );
}
