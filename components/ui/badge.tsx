import type { ReactNode } from "react";
import { cx } from "../lib/cx.ts";

const tones = {
  neutral: "border-line-strong text-dim",
  ok: "border-ok/35 text-ok",
  busy: "border-busy/35 text-busy",
  warn: "border-warn/40 text-warn",
  danger: "border-danger/40 text-danger",
  accent: "border-accent/40 text-accent-ink",
} as const;

export type Tone = keyof typeof tones;

export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={cx(
        "inline-flex h-5 items-center gap-1 rounded-full border px-2 text-xs whitespace-nowrap",
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}
