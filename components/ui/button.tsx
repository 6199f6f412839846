import { Slot } from "@radix-ui/react-slot";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "../lib/cx.ts";
import { Spinner } from "./spinner.tsx";
import { Tip } from "./tooltip.tsx";

const kinds = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong font-medium",
  secondary: "border border-line-strong bg-surface text-ink hover:bg-hover",
  quiet: "text-dim hover:bg-hover hover:text-ink",
  danger: "bg-danger-solid text-on-danger hover:brightness-110 font-medium",
} as const;

const sizes = {
  sm: "h-6 px-2 text-xs gap-1",
  md: "h-7 px-2.5 text-sm gap-1.5",
  lg: "h-8 px-3.5 text-sm gap-1.5",
} as const;

export interface ButtonProps extends ComponentProps<"button"> {
  kind?: keyof typeof kinds;
  size?: keyof typeof sizes;
  /** Something it began is not done: it keeps its size and takes no second press. */
  busy?: boolean;
  /** The single child is rendered instead of a button: a link that looks like one. */
  asChild?: boolean;
}

const buttonStyle = (kind: keyof typeof kinds, size: keyof typeof sizes): string =>
  cx(
    "relative inline-flex shrink-0 items-center justify-center rounded-md whitespace-nowrap select-none",
    "transition-colors duration-100 disabled:opacity-50 aria-disabled:opacity-50 pointer-coarse:min-h-11 pointer-coarse:min-w-11",
    "disabled:pointer-events-none [&_svg]:size-3.5 [&_svg]:shrink-0",
    kinds[kind],
    sizes[size],
  );

export function Button({
  kind = "secondary",
  size = "md",
  busy = false,
  asChild = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const style = cx(buttonStyle(kind, size), className);
  if (asChild)
    return (
      <Slot className={style} onClick={onClick} {...rest}>
        {children}
      </Slot>
    );
  return (
    <button
      type="button"
      className={style}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {busy && <Spinner className="absolute" />}
      <span className={cx("inline-flex items-center gap-[inherit]", busy && "invisible")}>{children}</span>
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonProps, "children" | "asChild"> {
  /** Its name, for those who hear it and as the tip for those who see it. */
  label: string;
  keys?: string;
  side?: "top" | "right" | "bottom" | "left";
  children: ReactNode;
}

export function IconButton({
  label,
  keys,
  side,
  kind = "quiet",
  size = "md",
  className,
  children,
  ...rest
}: IconButtonProps) {
  const square = { sm: "w-6 px-0", md: "w-7 px-0", lg: "w-8 px-0" }[size];
  return (
    <Tip text={label} {...(keys !== undefined && { keys })} {...(side && { side })}>
      <Button aria-label={label} kind={kind} size={size} className={cx(square, className)} {...rest}>
        {children}
      </Button>
    </Tip>
  );
}
