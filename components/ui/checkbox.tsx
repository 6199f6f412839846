"use client";
import * as Radix from "@radix-ui/react-checkbox";
import { Check, Minus } from "lucide-react";
import type { ComponentProps } from "react";
import { cx } from "../lib/cx.ts";

export function Checkbox({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cx(
        "group relative grid size-4 shrink-0 place-items-center rounded-sm border border-control bg-surface hover:border-dim",
        "before:absolute before:-inset-1 pointer-coarse:before:-inset-3.5",
        "data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent",
        className,
      )}
      {...rest}
    >
      <Radix.Indicator className="text-on-accent">
        <Check className="hidden size-3 group-data-[state=checked]:block" strokeWidth={3} aria-hidden />
        <Minus className="hidden size-3 group-data-[state=indeterminate]:block" strokeWidth={3} aria-hidden />
      </Radix.Indicator>
    </Radix.Root>
  );
}
