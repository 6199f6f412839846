import type { ReactNode } from "react";
import { cx } from "../lib/cx.ts";

interface Props {
  /** Whose tools these are. */
  label: string;
  className?: string;
  children: ReactNode;
}

/** A panel's own tools, on top of it. */
export function PanelBar({ label, className, children }: Props) {
  return (
    <div
      role="toolbar"
      aria-label={label}
      className={cx(
        "flex min-h-9 shrink-0 items-center gap-2 border-b border-line bg-surface px-2.5 text-sm pointer-coarse:min-h-12",
        className,
      )}
    >
      {children}
    </div>
  );
}
