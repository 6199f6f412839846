"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useCallback, useDeferredValue, useMemo, useRef, useState } from "react";
import { useNow } from "../lib/use-now.ts";
import { useParam, useTypedParam } from "../lib/use-param.ts";
import { useCommands } from "../palette/store.ts";
import { may, meQuery } from "../session/api.ts";
import { useShortcuts } from "../shortcuts/shortcuts.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/states.tsx";
import { useAct } from "./api/act.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { CaveList } from "./cave-list.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { matches, parseQuery } from "./query.ts";
import { formatSort, parseSort, sorted } from "./sort.ts";
import { usePeek } from "./use-peek.ts";
import { useSelection } from "./use-selection.ts";
import type { Work } from "./work-dialog.tsx";
import type { Cave } from "#contract/cave.ts";

const DesktopPeek = lazy(() => import("./desktop-peek.tsx").then((it) => ({ default: it.DesktopPeek })));
const WorkDialog = lazy(() => import("./work-dialog.tsx").then((it) => ({ default: it.WorkDialog })));

interface Props {
  caves: readonly Cave[];
  mayCreate: boolean;
  onNew: () => void;
}

/** The list with its filter, its keys, and what is done to several at once. */
export function CavesView({ caves, mayCreate, onNew }: Props) {
  const router = useRouter();
  const run = useAct();
  const { data: me } = useQuery(meQuery);
  const [text, setText] = useTypedParam("q");
  const [sortText, setSort] = useParam("sort");
  const [work, setWork] = useState<Work>();
  /** The row that keys act on: a cave, because the list is sorted anew while somebody looks at it. */
  const [at, setAt] = useState<{ id: string | undefined; index: number }>({ id: undefined, index: 0 });
  const input = useRef<HTMLInputElement>(null);
  const reveal = useRef<(index: number) => void>(() => undefined);

  const query = useMemo(() => parseQuery(text), [text]);
  const sort = useMemo(() => parseSort(sortText), [sortText]);
  const wanted = useDeferredValue(query);
  const name = me?.user.name;
  const tick = useNow(5000);
  const byFigures = sort.by === "cpu" || sort.by === "memory" ? tick : 0;
  const shown = useMemo(
    () =>
      sorted(
        caves.filter((cave) => matches(cave, wanted, name)),
        sort,
      ),
    // Figures are not part of the list: by them it is sorted again now and then.
    [caves, wanted, name, sort, byFigures],
  );
  const owners = useMemo(() => [...new Set(caves.map(({ owner }) => owner))].sort(), [caves]);
  const selection = useSelection(shown);
  const chosen = shown.filter(({ id }) => selection.ids.has(id));
  const there = at.id === undefined ? -1 : shown.findIndex(({ id }) => id === at.id);
  const current = there >= 0 ? there : Math.min(at.index, shown.length - 1);
  const cave = shown[current];

  const peek = usePeek(cave, shown);
  const mayPeek = may(me, "caves:exec");

  const open = useCallback((one: Cave) => router.push(`/caves/${one.name}`), [router]);
  const latest = useRef(shown);
  latest.current = shown;
  const setCurrent = useCallback((index: number) => setAt({ id: latest.current[index]?.id, index }), []);
  const go = (step: number) => {
    const next = Math.max(0, Math.min(shown.length - 1, current + step));
    setCurrent(next);
    reveal.current(next);
  };
  const toggle = (one: Cave) => {
    if (one.state === "running") run(one, "stop");
    else if (one.state === "paused") run(one, "resume");
    else if (one.state === "stopped" || one.state === "failed") run(one, "start");
  };
  const remove = useCallback((some: readonly Cave[]) => setWork({ verb: "remove", caves: some }), []);
  const removeOne = useCallback((one: Cave) => remove([one]), [remove]);

  const group = "Caves";
  useShortcuts([
    { keys: "/", does: "Filter", group, run: () => input.current?.focus() },
    { keys: "n", does: "New cave", group, run: onNew },
    { keys: "j", does: "Next cave", group, run: () => go(1) },
    { keys: "k", does: "Previous cave", group, run: () => go(-1) },
    { keys: "down", does: "Next cave", group, run: () => go(1) },
    { keys: "up", does: "Previous cave", group, run: () => go(-1) },
    { keys: "enter", does: "Open", group, run: () => cave && open(cave) },
    { keys: "space", does: "Select", group, run: () => cave && selection.toggle(cave, false) },
    { keys: "s", does: "Stop, or start", group, run: () => cave && toggle(cave) },
    {
      keys: "delete",
      does: "Delete",
      group,
      run: () => (chosen.length > 0 ? remove(chosen) : cave && remove([cave])),
    },
    { keys: "escape", does: "Clear the selection", group, run: selection.clear },
    ...(mayPeek
      ? [
          {
            keys: "v",
            does: "Look at the desktop",
            group,
            run: () => {
              if (peek.byKey) peek.close();
              else {
                reveal.current(current);
                peek.look();
              }
            },
          },
        ]
      : []),
  ]);
  useCommands([
    ...(mayCreate
      ? [{ id: "new", name: "New cave", group: "Actions", keys: "n", words: "create make", run: onNew }]
      : []),
    ...shown.slice(0, 100).map((one) => ({
      id: `toggle ${one.id}`,
      name: one.state === "running" ? `Stop ${one.name}` : `Start ${one.name}`,
      group: "Actions",
      whenAsked: true,
      run: () => toggle(one),
    })),
  ]);

  return (
    <div className="flex h-full flex-col">
      {chosen.length > 0 ? (
        <BulkBar caves={chosen} onDo={(verb) => setWork({ verb, caves: chosen })} onClear={selection.clear} />
      ) : (
        <FilterBar
          text={text}
          onText={setText}
          problem={query.problem}
          found={shown.length}
          total={caves.length}
          owners={owners}
          input={input}
          onLeave={() => reveal.current(current)}
          onNew={onNew}
          mayCreate={mayCreate}
        />
      )}
      {shown.length === 0 ? (
        <EmptyState
          title="No cave matches"
          actions={<Button onClick={() => setText("")}>Clear the filter</Button>}
        >
          There are {caves.length} caves, and none for <code className="text-ink">{text}</code>.
        </EmptyState>
      ) : (
        <div className="min-h-0 grow">
          <CaveList
            caves={shown}
            sort={sort}
            onSort={(next) => setSort(formatSort(next))}
            current={current}
            onCurrent={setCurrent}
            selected={selection.ids}
            onSelect={selection.toggle}
            onSelectAll={selection.all}
            onOpen={open}
            onRemove={removeOne}
            onHover={peek.hover}
            onPeek={mayPeek ? peek.look : undefined}
            reveal={reveal}
          />
        </div>
      )}
      {mayPeek && peek.cave && (
        <Suspense>
          <DesktopPeek cave={peek.cave} onHover={peek.hover} onClose={peek.close} />
        </Suspense>
      )}
      {work && (
        <Suspense>
          <WorkDialog
            work={work}
            onClose={() => {
              setWork(undefined);
              selection.clear();
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
