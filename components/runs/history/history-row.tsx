"use client";
import { useQueryClient } from "@tanstack/react-query";
import { RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { api } from "../../lib/api.ts";
import { cx } from "../../lib/cx.ts";
import { absolute, ago } from "../../lib/time.ts";
import { useNow } from "../../lib/use-now.ts";
import { IconButton } from "../../ui/button.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { historyKey, isOpen } from "../api/history.ts";
import { VerdictMark } from "../output/verdict-mark.tsx";
import { duration } from "../session/verdict.ts";
import type { Playground } from "../use-playground.ts";
import type { Run } from "#contract/run.ts";

interface Props {
  run: Run;
  /** Its output is the one that is shown. */
  current: boolean;
  play: Playground;
}

export function HistoryRow({ run, current, play }: Props) {
  const client = useQueryClient();
  const now = useNow(5_000);
  const [removing, setRemoving] = useState(false);
  const title = play.list.languages.find(({ name }) => name === run.language)?.title ?? run.language;
  const going = isOpen(run.status);
  return (
    <li
      aria-current={current || undefined}
      className={cx(
        "flex h-8 items-center gap-1 border-b border-line pr-2 last:border-b-0 hover:bg-hover pointer-coarse:h-12",
        current && "bg-active!",
      )}
    >
      <button
        type="button"
        onClick={() => void play.open(run.id)}
        className="grid h-full min-w-0 grow grid-cols-[8.5rem_6rem_5rem_minmax(0,1fr)] items-center gap-2 px-3 text-left text-xs max-md:grid-cols-[7.5rem_minmax(0,1fr)_auto]"
      >
        <span className="flex">
          <span className="sr-only">Open {run.id}: </span>
          <VerdictMark status={run.status} />
        </span>
        <span className="truncate">{title}</span>
        <span className="figures text-dim">{going ? "" : duration(run.wallMs)}</span>
        <span className="flex min-w-0 gap-3 text-faint max-md:hidden">
          <time dateTime={run.createdAt} title={absolute(run.createdAt)} className="w-20 shrink-0">
            {ago(run.createdAt, now)}
          </time>
          <span className="truncate font-mono text-[11px]">
            {run.signal ?? (run.exitCode === null ? "" : `exit ${run.exitCode}`)}
          </span>
        </span>
      </button>
      <IconButton
        label={`Run ${run.id} again`}
        size="sm"
        disabled={play.going}
        onClick={() => void play.open(run.id, true)}
      >
        <RotateCw />
      </IconButton>
      <IconButton label={`Delete ${run.id}`} size="sm" onClick={() => setRemoving(true)}>
        <Trash2 />
      </IconButton>
      {removing && (
        <Confirm
          title="Delete this run?"
          action="Delete"
          onClose={() => setRemoving(false)}
          onYes={async () => {
            await api.runs.remove({ params: { id: run.id } });
            await client.invalidateQueries({ queryKey: historyKey });
          }}
        >
          {going ? "It is ended. " : ""}Its program, its output and links to it are lost.
        </Confirm>
      )}
    </li>
  );
}
