"use client";
import { useCallback, useRef, useState } from "react";
import type { Cave } from "#contract/cave.ts";

/** Which caves are selected; with Shift, all from the last one to this. */
export function useSelection(shown: readonly Cave[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string>(undefined);
  const list = useRef(shown);
  list.current = shown;

  const toggle = useCallback((cave: Cave, range: boolean) => {
    const from = list.current.findIndex(({ id }) => id === last.current);
    const to = list.current.findIndex(({ id }) => id === cave.id);
    last.current = cave.id;
    setIds((before) => {
      const next = new Set(before);
      if (range && from >= 0)
        for (const { id } of list.current.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(id);
      else if (!next.delete(cave.id)) next.add(cave.id);
      return next;
    });
  }, []);
  const clear = useCallback(() => setIds(new Set()), []);
  const all = useCallback((on: boolean) => setIds(new Set(on ? list.current.map(({ id }) => id) : [])), []);
  return { ids, toggle, clear, all };
}
