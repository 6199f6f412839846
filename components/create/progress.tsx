"use client";
import { useEffect, useRef } from "react";
import { useNow } from "../lib/use-now.ts";
import { ErrorNote } from "../ui/states.tsx";
import { stages, type Creation, type StageState } from "./api/create-cave.ts";
import { StageList } from "./stage-list.tsx";

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
      <StageList
        rows={[
          ...stages.map(({ stage, name }) => ({ name, state: creation.stages[stage] })),
          ...(after ? [after] : []),
        ].map(({ name, state }) => ({ name, status: state.status, time: timeOf(state, creation, now) }))}
      />
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

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

function timeOf({ status, fromMs, toMs }: StageState, { startedAt }: Creation, now: number): string {
  if (fromMs === undefined) return "";
  if (status === "going") return seconds(Math.max(0, now - startedAt - fromMs));
  return toMs === undefined ? "" : seconds(toMs - fromMs);
}
