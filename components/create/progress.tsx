"use client";
import { Check, CircleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { cx } from "../lib/cx.ts";
import { useNow } from "../lib/use-now.ts";
import { Spinner } from "../ui/spinner.tsx";
import { ErrorNote } from "../ui/states.tsx";
import { stages, type Creation, type StageState } from "./api/create-cave.ts";

interface Props {
  creation: Creation;
  /** What is done in the cave once it is there. */
  after?: { name: string; state: StageState };
}

/** The stages with their times, the log folded under them, and what went wrong in its place. */
export function CreateProgress({ creation, after }: Props) {
  const now = useNow();
  const log = useRef<HTMLPreElement>(null);
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [creation.log]);
  return (
    <div className="grid gap-4">
      <ol aria-label="Progress" className="grid">
        {[
          ...stages.map(({ stage, name }) => ({ name, state: creation.stages[stage] })),
          ...(after ? [after] : []),
        ].map(({ name, state }) => (
          <li
            key={name}
            aria-current={state.status === "going" ? "step" : undefined}
            className={cx(
              "flex h-9 items-center gap-3 border-b border-line last:border-0",
              state.status === "waiting" && "text-faint",
            )}
          >
            <Mark status={state.status} />
            <span className="grow">{name}</span>
            <span className="figures text-faint">{timeOf(state, creation, now)}</span>
          </li>
        ))}
      </ol>
      {creation.log.length > 0 && (
        <details className="group" open={creation.status === "failed" || undefined}>
          <summary className="flex h-6 items-center gap-2 text-xs text-dim">
            <span className="truncate">{creation.log.at(-1)?.text}</span>
          </summary>
          <pre
            ref={log}
            tabIndex={0}
            aria-label="Log"
            className="mt-2 max-h-56 overflow-auto rounded-md border border-line bg-canvas p-3 text-xs leading-relaxed text-dim"
          >
            {creation.log.map(({ text, ms }) => `${seconds(ms).padStart(7)}  ${text}`).join("\n")}
          </pre>
        </details>
      )}
      {creation.status === "failed" && <ErrorNote error={creation.error} />}
    </div>
  );
}

function Mark({ status }: { status: StageState["status"] }) {
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

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

function timeOf({ status, fromMs, toMs }: StageState, { startedAt }: Creation, now: number): string {
  if (fromMs === undefined) return "";
  if (status === "going") return seconds(Math.max(0, now - startedAt - fromMs));
  return toMs === undefined ? "" : seconds(toMs - fromMs);
}
