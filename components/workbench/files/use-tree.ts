"use client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { api } from "../../lib/api.ts";
import { followFiles } from "./follow-files.ts";
import { paced } from "./paced.ts";
import { isUnder, parentOf, workspace } from "./paths.ts";
import type { FileEntry, FolderListing } from "#contract/inside.ts";

/** Between two readings of a folder in which something writes all the time. */
const restMs = 400;

interface Folder {
  readonly entries?: readonly FileEntry[];
  readonly error?: unknown;
  readonly truncated?: boolean;
}

export type Row =
  | {
      readonly kind: "entry";
      readonly entry: FileEntry;
      readonly level: number;
      readonly open: boolean | undefined;
    }
  | {
      readonly kind: "note";
      readonly path: string;
      readonly level: number;
      readonly text: string;
      readonly error?: unknown;
    };

export interface Tree {
  readonly rows: readonly Row[];
  readonly error: unknown;
  readonly loaded: boolean;
  readonly expanded: ReadonlySet<string>;
  toggle(path: string, open?: boolean): void;
  /** Opens every folder above it. */
  reveal(path: string): void;
  refresh(path?: string): void;
}

/** A folder's tree, loaded where it is opened, and kept true by what the cave tells of its files. */
export function useTree(cave: string, hidden: boolean): Tree {
  const [folders, setFolders] = useState<ReadonlyMap<string, Folder>>(new Map());
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set([workspace]));
  const state = useRef({ expanded });
  useEffect(() => {
    state.current = { expanded };
  });
  const reading = useRef<ReturnType<typeof paced>>(undefined);
  const load = useCallback((path: string) => reading.current?.ask(path), []);

  useEffect(() => {
    const put = (path: string, folder: Folder) =>
      setFolders((before) => new Map(before).set(path, { ...before.get(path), error: undefined, ...folder }));
    const reader = paced(async (path, signal) => {
      try {
        const { entries, truncated } = (await api.files.read(
          { params: { cave }, query: { path } },
          { signal },
        )) as FolderListing;
        put(path, { entries: [...entries].sort(byKindAndName), truncated });
      } catch (error) {
        if (!signal.aborted) put(path, { error });
      }
    }, restMs);
    reading.current = reader;
    reader.ask(workspace);
    const unfollow = followFiles(cave, (news) => {
      const { expanded } = state.current;
      const touched = news === "missed" ? expanded : new Set(news.map(({ path }) => parentOf(path)));
      for (const path of touched) if (expanded.has(path)) reader.ask(path);
    });
    return () => {
      unfollow();
      reader.stop();
    };
  }, [cave]);

  const toggle = useCallback(
    (path: string, open?: boolean) => {
      const next = open ?? !state.current.expanded.has(path);
      setExpanded((before) => {
        const after = new Set(before);
        if (next) after.add(path);
        else after.delete(path);
        return after;
      });
      if (next) load(path);
      // What is closed is not kept true: it is read again when it is opened.
      else
        setFolders((before) => {
          const after = new Map(before);
          after.delete(path);
          return after;
        });
    },
    [load],
  );
  const reveal = useCallback(
    (path: string) => {
      if (!isUnder(path, workspace)) return;
      for (let folder = parentOf(path); isUnder(folder, workspace); folder = parentOf(folder)) {
        if (!state.current.expanded.has(folder)) toggle(folder, true);
        if (folder === workspace) return;
      }
    },
    [toggle],
  );
  const refresh = useCallback(
    (path?: string) => {
      for (const one of path === undefined ? state.current.expanded : [path]) load(one);
    },
    [load],
  );

  const rows = useMemo(() => rowsOf(folders, expanded, hidden), [folders, expanded, hidden]);
  const root = folders.get(workspace);
  return {
    rows,
    error: root?.entries === undefined ? root?.error : undefined,
    loaded: root?.entries !== undefined,
    expanded,
    toggle,
    reveal,
    refresh,
  };
}

function rowsOf(folders: ReadonlyMap<string, Folder>, expanded: ReadonlySet<string>, hidden: boolean): Row[] {
  const rows: Row[] = [];
  const visit = (path: string, level: number) => {
    const folder = folders.get(path);
    if (folder?.error !== undefined) {
      rows.push({ kind: "note", path, level, text: "This folder could not be read.", error: folder.error });
      return;
    }
    const shown = (folder?.entries ?? []).filter(({ name }) => hidden || !name.startsWith("."));
    if (folder?.entries !== undefined && shown.length === 0 && level > 1)
      rows.push({ kind: "note", path, level, text: "Empty" });
    for (const entry of shown) {
      const open = entry.kind === "folder" ? expanded.has(entry.path) : undefined;
      rows.push({ kind: "entry", entry, level, open });
      if (open === true) visit(entry.path, level + 1);
    }
    if (folder?.truncated === true)
      rows.push({ kind: "note", path, level, text: "There is more than can be shown." });
  };
  visit(workspace, 1);
  return rows;
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
function byKindAndName(a: FileEntry, b: FileEntry): number {
  const rank = (entry: FileEntry) => (entry.kind === "folder" ? 0 : 1);
  return rank(a) - rank(b) || collator.compare(a.name, b.name);
}

/** Where something new goes when this row is chosen. */
export const inFolder = (row: Row): string =>
  row.kind === "note" ? row.path : row.entry.kind === "folder" ? row.entry.path : parentOf(row.entry.path);
