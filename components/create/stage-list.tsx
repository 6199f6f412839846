import { Check, CircleAlert } from "lucide-react";
import { cx } from "../lib/cx.ts";
import { Spinner } from "../ui/spinner.tsx";

export type StageStatus = "waiting" | "going" | "done" | "failed";

export interface StageRow {
  readonly name: string;
  readonly status: StageStatus;
  /** How long it has taken, or takes already. */
  readonly time?: string;
}

/** The stages on the way to a cave that can be used, each with its mark and its time. */
export function StageList({ rows }: { rows: readonly StageRow[] }) {
  return (
    <ol aria-label="Progress" className="grid">
      {rows.map(({ name, status, time }) => (
        <li
          key={name}
          aria-current={status === "going" ? "step" : undefined}
          className={cx(
            "flex h-9 items-center gap-3 border-b border-line last:border-0",
            status === "waiting" && "text-faint",
          )}
        >
          <Mark status={status} />
          <span className="grow text-left">{name}</span>
          <span className="figures text-faint">{time}</span>
        </li>
      ))}
    </ol>
  );
}

function Mark({ status }: { status: StageStatus }) {
  switch (status) {
    case "waiting":
      return <span className="size-3.5 rounded-full border border-line-strong" />;
    case "going":
      return <Spinner className="text-busy" />;
    case "done":
      return <Check className="size-3.5 text-ok" aria-label="Done" />;
    case "failed":
      return <CircleAlert className="size-3.5 text-danger" aria-label="Failed" />;
  }
}
