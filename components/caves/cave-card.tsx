"use client";
import Link from "next/link";
import { percent, bytes } from "../lib/units.ts";
import { useFigures } from "../live/figures.ts";
import { StateDot } from "../ui/state-dot.tsx";
import { useDoing } from "./api/act.ts";
import { ActivityCell, StatusCell } from "./cells.tsx";
import { RowActions } from "./row-actions.tsx";
import { verbWords } from "./states.ts";
import { useEngineAway } from "./use-engine-away.ts";
import type { Cave } from "#contract/cave.ts";

/** A row of the list on a phone: the same, in two lines. */
export function CaveCard({
  cave,
  index,
  onRemove,
}: {
  cave: Cave;
  index: number;
  onRemove: (cave: Cave) => void;
}) {
  const doing = useDoing(cave.id);
  const { latest } = useFigures(cave.id);
  const away = useEngineAway(cave.backend);
  const quiet = cave.state !== "running" || doing !== undefined || away;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="flex h-16 items-center gap-3 border-b border-line pr-1 pl-4"
    >
      <div role="gridcell" className="min-w-0 grow">
        <Link
          href={`/caves/${cave.name}`}
          prefetch={false}
          className="flex h-9 items-center gap-2.5 text-base font-medium"
        >
          <StateDot state={cave.state} label />
          <span className="truncate">{cave.name}</span>
        </Link>
        <div className="-mt-1 flex gap-2 truncate pl-5.5 text-xs">
          {quiet ? (
            <StatusCell cave={cave} doing={doing && verbWords[doing].doing} away={away} />
          ) : (
            <>
              {latest && (
                <span className="figures whitespace-nowrap text-dim">
                  {latest.cpuPercent !== undefined && `${percent(latest.cpuPercent)} · `}
                  {bytes(latest.memoryBytes)}
                </span>
              )}
              <ActivityCell cave={cave} />
            </>
          )}
        </div>
      </div>
      <div role="gridcell">
        <RowActions cave={cave} onRemove={onRemove} />
      </div>
    </div>
  );
}
