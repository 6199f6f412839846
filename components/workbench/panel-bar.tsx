import type { ComponentProps, ReactNode } from "react";
import { cx } from "../lib/cx.ts";
import { Input } from "../ui/input.tsx";

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

interface SearchProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
}

/** Leaves only what has it. */
export const PanelSearch = ({ label, value, onChange }: SearchProps) => (
  <Input
    type="search"
    aria-label={label}
    placeholder={label}
    value={value}
    onChange={(event) => onChange(event.target.value)}
    className="h-6! min-w-0 grow px-2! text-xs"
  />
);

/** A control of the browser's own: it opens in whatever window the panel is in. */
export const PanelSelect = ({ className, ...rest }: ComponentProps<"select">) => (
  <select
    className={cx(
      "h-6 rounded-md border border-line-strong bg-surface px-1 text-xs text-ink hover:border-control pointer-coarse:h-11",
      className,
    )}
    {...rest}
  />
);
