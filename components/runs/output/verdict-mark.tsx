import {
  CircleAlert,
  CircleCheck,
  CircleSlash,
  Clock,
  Hourglass,
  MemoryStick,
  ScrollText,
  Unplug,
} from "lucide-react";
import type { ComponentType } from "react";
import { cx } from "../../lib/cx.ts";
import { Spinner } from "../../ui/spinner.tsx";
import { verdicts, type Tone } from "../session/verdict.ts";
import type { RunStatus } from "#contract/run.ts";

const icons: Record<RunStatus, ComponentType<{ className?: string }>> = {
  queued: Hourglass,
  running: Spinner,
  ok: CircleCheck,
  runtime_error: CircleAlert,
  compile_error: CircleAlert,
  timeout: Clock,
  memory_limit: MemoryStick,
  output_limit: ScrollText,
  cancelled: CircleSlash,
  internal_error: Unplug,
};

const colours: Record<Tone, string> = {
  ok: "text-ok",
  busy: "text-busy",
  warn: "text-warn",
  danger: "text-danger",
  neutral: "text-dim",
};

/** A verdict as icon and word. */
export function VerdictMark({ status, className }: { status: RunStatus; className?: string }) {
  const { word, tone } = verdicts[status];
  const Icon = icons[status];
  return (
    <span
      className={cx(
        "inline-flex items-center gap-1.5 font-medium whitespace-nowrap",
        colours[tone],
        className,
      )}
    >
      <Icon className="size-3.5 shrink-0" aria-hidden />
      {word}
    </span>
  );
}
