"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useCallback, useMemo, useRef, type CSSProperties, type Ref } from "react";
import { cx } from "../lib/cx.ts";
import { useStore } from "../lib/store.ts";
import { useWidth } from "../lib/use-width.ts";
import { Checkbox } from "../ui/checkbox.tsx";
import { CaveCard } from "./cave-card.tsx";
import { CaveRow } from "./cave-row.tsx";
import { chosenColumns, columnsFor, tracksOf, type Column } from "./columns.ts";
import { startsDown, type Sort, type SortKey } from "./sort.ts";
import type { Cave } from "#contract/cave.ts";

interface Props {
  caves: readonly Cave[];
  sort: Sort;
  onSort: (sort: Sort) => void;
  current: number;
  onCurrent: (index: number) => void;
  selected: ReadonlySet<string>;
  onSelect: (cave: Cave, range: boolean) => void;
  onSelectAll: (all: boolean) => void;
  onOpen: (cave: Cave) => void;
  onRemove: (cave: Cave) => void;
  onHover: (cave: Cave | undefined) => void;
  onPeek: (() => void) | undefined;
  /** Brings a row into view and gives it the focus. */
  reveal: Ref<(index: number) => void>;
}

const phone = 640;

/** All caves that match, of which only those in view are in the page. */
export function CaveList({ caves, sort, onSort, current, selected, onSelectAll, reveal, ...rows }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [width, measure] = useWidth();
  const chosen = useStore(chosenColumns);
  // The same ones as long as nothing changes: else every row in view would be made anew for each that comes into it.
  const columns = useMemo(() => columnsFor(chosen, width), [chosen, width]);
  const cards = width > 0 && width < phone;
  const height = cards ? 64 : 40;
  const virtual = useVirtualizer({
    count: caves.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
    getItemKey: (index) => caves[index]?.id ?? index,
  });
  const show = useCallback(
    (index: number) => {
      virtual.scrollToIndex(index);
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus({ preventScroll: true }),
      );
    },
    [virtual],
  );
  if (typeof reveal === "object" && reveal !== null) reveal.current = show;

  const all = caves.length > 0 && caves.every(({ id }) => selected.has(id));
  const some = caves.some(({ id }) => selected.has(id));
  return (
    <div
      ref={(element) => {
        scroller.current = element;
        return measure(element);
      }}
      role="grid"
      aria-label="Caves"
      aria-rowcount={caves.length + 1}
      aria-multiselectable
      className="h-full overflow-y-auto"
      style={{ "--tracks": tracksOf(columns) } as CSSProperties}
    >
      <div role="rowgroup" className={cards ? "sr-only" : "sticky top-0 z-10 bg-canvas"}>
        <div
          role="row"
          aria-rowindex={1}
          className="grid h-8 grid-cols-(--tracks) items-center gap-3 border-b border-line px-3 text-xs text-faint"
        >
          <div role="columnheader" className="grid place-items-center">
            <Checkbox
              aria-label="Select all"
              checked={all ? true : some ? "indeterminate" : false}
              onCheckedChange={(checked) => onSelectAll(checked === true)}
            />
          </div>
          <Heading name="Name" by="name" sort={sort} onSort={onSort} />
          {columns.map((column) => (
            <Heading key={column.id} name={column.name} by={column.sort} sort={sort} onSort={onSort} />
          ))}
          <div role="columnheader">
            <span className="sr-only">Actions</span>
          </div>
        </div>
      </div>
      <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const cave = caves[index];
          if (cave === undefined) return null;
          return (
            <div
              key={key}
              role="presentation"
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              {cards ? (
                <CaveCard cave={cave} index={index} onRemove={rows.onRemove} />
              ) : (
                <CaveRow
                  {...rows}
                  cave={cave}
                  index={index}
                  columns={columns}
                  current={index === current}
                  selected={selected.has(cave.id)}
                />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface HeadingProps {
  name: string;
  by: Column["sort"];
  sort: Sort;
  onSort: (sort: Sort) => void;
}

function Heading({ name, by, sort, onSort }: HeadingProps) {
  if (by === undefined) return <div role="columnheader">{name}</div>;
  const on = sort.by === by;
  const Arrow = sort.down ? ArrowDown : ArrowUp;
  return (
    <div role="columnheader" aria-sort={on ? (sort.down ? "descending" : "ascending") : "none"}>
      <button
        type="button"
        onClick={() => onSort(turned(sort, by))}
        className={cx(
          "-mx-1 inline-flex h-6 items-center gap-1 rounded-sm px-1 hover:text-ink",
          on && "text-ink",
        )}
      >
        {name}
        {on && <Arrow className="size-3" aria-hidden />}
      </button>
    </div>
  );
}

const turned = (sort: Sort, by: SortKey): Sort =>
  sort.by === by ? { by, down: !sort.down } : { by, down: startsDown(by) };
