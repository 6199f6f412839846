"use client";
import Link from "next/link";
import { memo, type MouseEvent } from "react";
import { cx } from "../lib/cx.ts";
import { Checkbox } from "../ui/checkbox.tsx";
import { StateDot } from "../ui/state-dot.tsx";
import { useDoing } from "./api/act.ts";
import { ActivityCell, PortsCell, StatusCell, StopsCell } from "./cells.tsx";
import type { Column } from "./columns.ts";
import { CpuCell, MemoryCell } from "./figures-cell.tsx";
import { RowActions } from "./row-actions.tsx";
import { verbWords } from "./states.ts";
import { useEngineAway } from "./use-engine-away.ts";
import type { Cave } from "#contract/cave.ts";

interface Props {
  cave: Cave;
  index: number;
  columns: readonly Column[];
  current: boolean;
  selected: boolean;
  onSelect: (cave: Cave, range: boolean) => void;
  onOpen: (cave: Cave) => void;
  onRemove: (cave: Cave) => void;
  onCurrent: (index: number) => void;
  /** The pointer rests on it, or has left. */
  onHover: (cave: Cave | undefined) => void;
  /** Absent for those who may not see desktops. */
  onPeek: (() => void) | undefined;
}

/** Only of a cave that runs: otherwise its state has something to say instead. */
const live: readonly Column["id"][] = ["cpu", "memory", "ports"];

export const CaveRow = memo(function CaveRow({
  cave,
  index,
  columns,
  current,
  selected,
  onSelect,
  onOpen,
  onRemove,
  onCurrent,
  onHover,
  onPeek,
}: Props) {
  const doing = useDoing(cave.id);
  const away = useEngineAway(cave.backend);
  const quiet = cave.state !== "running" || doing !== undefined || away;
  const merged = quiet ? columns.filter(({ id }) => live.includes(id)).length : 0;
  const open = (event: MouseEvent) => {
    if ((event.target as HTMLElement).closest("a,button,[role=menu]") === null) onOpen(cave);
  };
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-row={index}
      data-cave={cave.id}
      tabIndex={current ? 0 : -1}
      onClick={open}
      onFocus={() => onCurrent(index)}
      onPointerEnter={({ pointerType }) => pointerType === "mouse" && onHover(cave)}
      onPointerLeave={() => onHover(undefined)}
      className={cx(
        "grid h-10 grid-cols-(--tracks) items-center gap-3 border-b border-line px-3 outline-none hover:bg-hover/60",
        "focus-visible:shadow-[inset_2px_0_var(--accent)] focus-visible:bg-hover/60",
        selected && "bg-accent-wash",
      )}
    >
      <div role="gridcell" className="grid place-items-center">
        <Checkbox
          aria-label={`Select ${cave.name}`}
          tabIndex={-1}
          checked={selected}
          onClick={(event) => onSelect(cave, event.shiftKey)}
        />
      </div>
      <div role="gridcell" className="flex min-w-0 items-center gap-2.5">
        <StateDot state={cave.state} label />
        <Link
          href={`/caves/${cave.name}`}
          prefetch={false}
          tabIndex={-1}
          className="truncate font-medium hover:underline hover:underline-offset-3"
        >
          {cave.name}
        </Link>
      </div>
      {columns.map((column) => {
        if (quiet && live.includes(column.id)) {
          if (column.id !== columns.find(({ id }) => live.includes(id))?.id) return null;
          return (
            <div
              key="status"
              role="gridcell"
              aria-colspan={merged}
              style={{ gridColumn: `span ${merged}` }}
              className="flex min-w-0"
            >
              <StatusCell cave={cave} doing={doing && verbWords[doing].doing} away={away} />
            </div>
          );
        }
        return (
          <div key={column.id} role="gridcell" className="min-w-0">
            <Cell cave={cave} id={column.id} />
          </div>
        );
      })}
      <div role="gridcell">
        <RowActions cave={cave} onRemove={onRemove} onPeek={onPeek} />
      </div>
    </div>
  );
});

function Cell({ cave, id }: { cave: Cave; id: Column["id"] }) {
  switch (id) {
    case "image":
      return (
        <span className="block truncate font-mono text-xs text-dim" title={cave.image}>
          {cave.image}
        </span>
      );
    case "owner":
      return <span className="block truncate text-dim">{cave.owner}</span>;
    case "backend":
      return <span className="block truncate text-dim">{cave.backend}</span>;
    case "cpu":
      return <CpuCell cave={cave} />;
    case "memory":
      return <MemoryCell cave={cave} />;
    case "ports":
      return <PortsCell cave={cave} />;
    case "activity":
      return <ActivityCell cave={cave} />;
    case "stops":
      return <StopsCell cave={cave} />;
  }
}
