"use client";
import type { ReactNode } from "react";
import { arrowKeys } from "../lib/arrow-keys.ts";
import { cx } from "../lib/cx.ts";

interface Props<V extends string> {
  label: string;
  /** Undefined when it is none of them. */
  value: V | undefined;
  onChange: (value: V) => void;
  choices: readonly { value: V; content: ReactNode }[];
  className?: string;
}

/** One of a few, side by side, with room to say what each is. */
export function ChoiceCards<V extends string>({ label, value, onChange, choices, className }: Props<V>) {
  const reached = value ?? choices[0]?.value;
  return (
    <div
      role="radiogroup"
      aria-label={label}
      onKeyDown={arrowKeys("radio")}
      className={cx("grid grid-cols-3 gap-2", className)}
    >
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          role="radio"
          aria-checked={choice.value === value}
          tabIndex={choice.value === reached ? 0 : -1}
          onClick={() => onChange(choice.value)}
          className={cx(
            "rounded-md border px-3 py-2 text-left",
            choice.value === value
              ? "border-accent bg-accent-wash"
              : "border-line-strong hover:border-control",
          )}
        >
          {choice.content}
        </button>
      ))}
    </div>
  );
}
