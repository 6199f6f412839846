"use client";
import { useId, type ReactNode } from "react";
import { cx } from "../lib/cx.ts";

/** What a control needs to be tied to its label, hint and error. */
export interface FieldProps {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

interface Props {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  aside?: ReactNode;
  className?: string;
  children: (control: FieldProps) => ReactNode;
}

/** A control with its name above and what helps or went wrong below. */
export function Field({ label, hint, error, aside, className, children }: Props) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={cx("grid gap-1", className)}>
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="text-sm font-medium text-ink">
          {label}
        </label>
        {aside !== undefined && <span className="text-xs text-faint">{aside}</span>}
      </div>
      {children({
        id,
        "aria-describedby": note === undefined ? undefined : `${id}-note`,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      {note !== undefined && (
        <p
          id={`${id}-note`}
          role={error === undefined ? undefined : "alert"}
          className={cx("text-xs", error === undefined ? "text-faint" : "text-danger")}
        >
          {note}
        </p>
      )}
    </div>
  );
}

/** What is wrong with a group of controls, if anything is. */
export const Problem = ({ children }: { children: string | undefined }) =>
  children !== undefined && (
    <p role="alert" className="text-xs text-danger">
      {children}
    </p>
  );
