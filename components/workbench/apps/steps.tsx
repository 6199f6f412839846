import { Check } from "lucide-react";
import { cx } from "../../lib/cx.ts";

/** What has been done, what is being done, and what comes. */
export function Steps({ label, steps, at }: { label: string; steps: readonly string[]; at: number }) {
  return (
    <ol aria-label={label} className="grid gap-1.5 text-sm">
      {steps.map((step, index) => (
        <li
          key={step}
          aria-current={index === at ? "step" : undefined}
          className={cx("flex items-center gap-2", index === at ? "text-ink" : "text-faint")}
        >
          <span className="grid size-4 place-items-center">
            {index < at ? (
              <Check className="size-3.5 text-ok" aria-hidden />
            ) : (
              <span
                aria-hidden
                className={cx("size-1.5 rounded-full", index === at ? "bg-accent" : "bg-ghost")}
              />
            )}
          </span>
          {step}
        </li>
      ))}
    </ol>
  );
}
