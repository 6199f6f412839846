"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronUp, History as Clock } from "lucide-react";
import { useState } from "react";
import { cx } from "../../lib/cx.ts";
import { useStore } from "../../lib/store.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { EmptyState, ErrorNote, ErrorState } from "../../ui/states.tsx";
import { historyQuery, type HistoryFilter } from "../api/history.ts";
import { session, shownRun } from "../session/session.ts";
import { verdicts } from "../session/verdict.ts";
import type { Playground } from "../use-playground.ts";
import { HistoryRow } from "./history-row.tsx";
import type { RunStatus } from "#contract/run.ts";

/** What ran before: its verdict, its output, and the way to run it again. */
export function History({ play }: { play: Playground }) {
  const [filter, setFilter] = useState<HistoryFilter>({});
  const [folded, setFolded] = useState(false);
  const shown = shownRun(useStore(session));
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    historyQuery(filter),
  );
  const runs = data?.pages.flatMap((page) => page.runs);
  const filtered = filter.language !== undefined || filter.status !== undefined;
  return (
    <section
      aria-label="History"
      className={cx("flex flex-col bg-surface max-md:h-full", folded ? "md:h-9" : "md:h-60")}
    >
      <div className="flex h-9 shrink-0 items-center gap-2 px-3 max-md:h-12">
        <h2 className="text-sm font-medium">History</h2>
        <span className="ml-auto flex items-center gap-1.5">
          <Choice
            label="Language"
            all="Every language"
            value={filter.language ?? ""}
            options={play.list.languages.map(({ name, title }) => [name, title])}
            onChange={(language) =>
              setFilter(({ status }) => ({ ...(status && { status }), ...(language !== "" && { language }) }))
            }
          />
          <Choice
            label="Verdict"
            all="Every verdict"
            value={filter.status ?? ""}
            options={Object.entries(verdicts).map(([status, { word }]) => [status, word])}
            onChange={(status) =>
              setFilter(({ language }) => ({
                ...(language !== undefined && { language }),
                ...(status !== "" && { status: status as RunStatus }),
              }))
            }
          />
          <IconButton
            label={folded ? "Show the history" : "Fold the history"}
            size="sm"
            aria-expanded={!folded}
            className="max-md:hidden"
            onClick={() => setFolded(!folded)}
          >
            {folded ? <ChevronUp /> : <ChevronDown />}
          </IconButton>
        </span>
      </div>
      {!folded && (
        <div className="min-h-0 grow overflow-y-auto border-t border-line">
          {runs === undefined ? (
            error ? (
              <ErrorState error={error} onRetry={() => void refetch()} />
            ) : (
              <div className="px-3">
                <SkeletonRows rows={3} label="Loading the history" />
              </div>
            )
          ) : runs.length === 0 ? (
            <div className="[&>div]:py-7">
              <EmptyState
                icon={<Clock aria-hidden />}
                title={filtered ? "No such run" : "Nothing has run yet"}
              >
                {filtered
                  ? "Another language or verdict may have some."
                  : "Every run is kept here for a while, with its program and its output."}
              </EmptyState>
            </div>
          ) : (
            <ul aria-label="Runs">
              {runs.map((run) => (
                <HistoryRow key={run.id} run={run} current={run.id === shown} play={play} />
              ))}
            </ul>
          )}
          {runs !== undefined && error !== null && (
            <div className="p-2">
              <ErrorNote error={error} />
            </div>
          )}
          {hasNextPage && (
            <div className="flex justify-center p-2">
              <Button size="sm" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                Older runs
              </Button>
            </div>
          )}
        </div>
      )}
    </section>
  );
}

interface ChoiceProps {
  label: string;
  all: string;
  value: string;
  options: readonly (readonly [value: string, name: string])[];
  onChange: (value: string) => void;
}

const Choice = ({ label, all, value, options, onChange }: ChoiceProps) => (
  <select
    aria-label={label}
    value={value}
    onChange={(event) => onChange(event.target.value)}
    className="h-6 rounded-md border border-line-strong bg-surface px-1.5 text-xs text-ink hover:border-control pointer-coarse:h-11"
  >
    <option value="">{all}</option>
    {options.map(([value, name]) => (
      <option key={value} value={value}>
        {name}
      </option>
    ))}
  </select>
);
