import type { ComponentProps } from "react";
import { cx } from "../lib/cx.ts";

export const fieldStyle =
  "w-full rounded-md border border-line-strong bg-surface px-2.5 text-ink text-ellipsis placeholder:text-faint " +
  "hover:border-control focus:border-accent focus:outline-1 focus:outline-offset-0 focus:outline-accent " +
  "aria-invalid:border-danger disabled:opacity-50 pointer-coarse:min-h-11 pointer-coarse:text-lg";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return (
    <input autoComplete="off" spellCheck={false} className={cx(fieldStyle, "h-8", className)} {...rest} />
  );
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      autoComplete="off"
      spellCheck={false}
      className={cx(fieldStyle, "min-h-16 py-1.5", className)}
      {...rest}
    />
  );
}
