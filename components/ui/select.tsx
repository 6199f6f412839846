"use client";
import * as Radix from "@radix-ui/react-select";
import { Check, ChevronDown } from "lucide-react";
import { cx } from "../lib/cx.ts";
import { fieldStyle } from "./input.tsx";
import { usePortal } from "./portal.ts";

export interface Option<V extends string> {
  value: V;
  label: string;
  hint?: string;
}

interface SelectProps<V extends string> {
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  value: V;
  onChange: (value: V) => void;
  options: readonly Option<V>[];
  className?: string;
}

export function Select<V extends string>({ value, onChange, options, className, ...rest }: SelectProps<V>) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as V)}>
      <Radix.Trigger
        {...rest}
        className={cx(fieldStyle, "inline-flex h-8 items-center justify-between gap-2 text-left", className)}
      >
        <Radix.Value />
        <ChevronDown className="size-3.5 text-faint" aria-hidden />
      </Radix.Trigger>
      <Radix.Portal container={usePortal()}>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className="z-50 max-h-72 min-w-(--radix-select-trigger-width) animate-rise overflow-y-auto rounded-md border border-line-strong bg-raised p-1 shadow-float"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className="flex min-h-8 items-center gap-2 rounded-sm py-1 pr-3 pl-2 text-sm outline-none data-highlighted:bg-active"
              >
                <span className="grid size-3.5 place-items-center">
                  <Radix.ItemIndicator>
                    <Check className="size-3.5 text-accent-ink" aria-hidden />
                  </Radix.ItemIndicator>
                </span>
                <span>
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.hint !== undefined && (
                    <span className="block text-xs text-faint">{option.hint}</span>
                  )}
                </span>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
