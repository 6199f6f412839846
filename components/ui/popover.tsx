"use client";
import * as Radix from "@radix-ui/react-popover";
import type { ReactNode } from "react";
import { cx } from "../lib/cx.ts";
import { usePortal } from "./portal.ts";

interface PopoverProps {
  trigger: ReactNode;
  label: string;
  align?: "start" | "center" | "end";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  children: ReactNode;
}

export function Popover({ trigger, label, align = "start", className, children, ...rest }: PopoverProps) {
  return (
    <Radix.Root {...rest}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal container={usePortal()}>
        <Radix.Content
          aria-label={label}
          align={align}
          sideOffset={5}
          collisionPadding={8}
          className={cx(
            "z-50 animate-rise rounded-md border border-line-strong bg-raised p-3 shadow-float outline-none",
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
