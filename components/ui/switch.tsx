"use client";
import * as Radix from "@radix-ui/react-switch";
import type { ComponentProps } from "react";
import { cx } from "../lib/cx.ts";

export function Switch({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cx(
        "relative h-[18px] w-8 shrink-0 rounded-full border border-control bg-raised transition-colors",
        "before:absolute before:-inset-1 data-[state=checked]:border-accent data-[state=checked]:bg-accent pointer-coarse:before:-inset-3",
        className,
      )}
      {...rest}
    >
      <Radix.Thumb className="block size-3 translate-x-[2px] rounded-full bg-dim transition-transform data-[state=checked]:translate-x-[16px] data-[state=checked]:bg-on-accent" />
    </Radix.Root>
  );
}
