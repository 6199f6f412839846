"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { arrowKeys } from "../../lib/arrow-keys.ts";
import { cx } from "../../lib/cx.ts";
import { may, meQuery } from "../../session/api.ts";
import { markDirty } from "../dock/dirty.ts";
import type { DockHandle } from "../dock/dock.tsx";
import { PanelView } from "../panel-views.tsx";
import { hasPanel, panelsFor, specOf, type PanelKind, type PanelParams } from "../panels.ts";
import { WorkbenchContext, type PanelPlace } from "../workbench-context.ts";
import type { Cave } from "#contract/cave.ts";

interface Shown {
  readonly kind: PanelKind;
  readonly params: PanelParams;
  readonly title: string;
}

/** Where there is room for one panel: one of each kind, and a bar to change between them. What was opened keeps its state. */
export function OnePanel({
  cave,
  onHandle,
}: {
  cave: Cave;
  onHandle: (handle: DockHandle | undefined) => void;
}) {
  const { data: me } = useQuery(meQuery);
  const first = hasPanel(cave, "terminal") ? "terminal" : "logs";
  const [shown, setShown] = useState<readonly Shown[]>([
    { kind: first, params: {}, title: specOf(first).title },
  ]);
  const [current, setCurrent] = useState<PanelKind>(first);
  const latest = useRef({ cave, shown, current });
  useEffect(() => {
    latest.current = { cave, shown, current };
  });

  const handle = useMemo<DockHandle>(() => {
    const open = (kind: PanelKind, params: PanelParams = {}) => {
      setShown((all) => {
        const there = all.find((one) => one.kind === kind);
        const next = {
          kind,
          params: { ...there?.params, ...params },
          title: there?.title ?? specOf(kind).title,
        };
        return there ? all.map((one) => (one === there ? next : one)) : [...all, next];
      });
      setCurrent(kind);
    };
    return {
      get cave() {
        return latest.current.cave;
      },
      open,
      preview: (port, path = "/") => open("preview", { port, path }),
      edit: (path, line, column) =>
        open("editor", {
          path: path.startsWith("/") ? path : `/workspace/${path}`,
          ...(line !== undefined && { line }),
          ...(column !== undefined && { column }),
        }),
      shows: (kind, { port } = {}) =>
        latest.current.shown.some(
          (one) => one.kind === kind && (port === undefined || one.params.port === port),
        ),
      sees: (kind) => latest.current.current === kind,
      terminals: () => latest.current.shown.flatMap(({ params }) => params.terminalId ?? []),
      apply: () => undefined,
    };
  }, []);
  const workbench = useMemo(() => ({ ...handle, cave }), [handle, cave]);
  useEffect(() => {
    onHandle(handle);
    return () => onHandle(undefined);
  }, [handle, onHandle]);

  // The tab in use is not among those that are out of sight.
  useEffect(() => {
    document.getElementById(`tab-${current}`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  const offered = panelsFor(cave, (scope) => may(me, scope));
  const tabs = shown.some(({ kind }) => kind === "editor") ? [...offered, specOf("editor")] : offered;
  return (
    <WorkbenchContext value={workbench}>
      <div className="flex h-full flex-col">
        <div
          role="tablist"
          aria-label="Panels"
          onKeyDown={arrowKeys("tab")}
          className="flex shrink-0 overflow-x-auto border-b border-line bg-canvas [scrollbar-width:none]"
        >
          {tabs.map(({ kind, title, icon: Icon }) => (
            <button
              key={kind}
              type="button"
              role="tab"
              id={`tab-${kind}`}
              aria-selected={kind === current}
              tabIndex={kind === current ? 0 : -1}
              aria-controls={shown.some((one) => one.kind === kind) ? `panel-${kind}` : undefined}
              onClick={() => handle.open(kind)}
              className={cx(
                "flex h-11 shrink-0 items-center gap-1.5 px-3 text-sm",
                kind === current ? "text-ink shadow-[inset_0_-2px_0_var(--accent)]" : "text-faint",
              )}
            >
              <Icon className="size-4" strokeWidth={1.75} aria-hidden />
              {title}
            </button>
          ))}
        </div>
        {shown.map((one) => (
          <Slot
            key={one.kind}
            shown={one}
            current={one.kind === current}
            change={(part) =>
              setShown((all) => all.map((other) => (other.kind === one.kind ? { ...other, ...part } : other)))
            }
            close={() => {
              setShown((all) => all.filter(({ kind }) => kind !== one.kind));
              handle.open(one.kind === first ? "ports" : first);
            }}
          />
        ))}
      </div>
    </WorkbenchContext>
  );
}

interface SlotProps {
  shown: Shown;
  current: boolean;
  change: (part: Partial<Shown>) => void;
  close: () => void;
}

function Slot({ shown: { kind, params }, current, change, close }: SlotProps) {
  const act = useRef({ change, close });
  useEffect(() => {
    act.current = { change, close };
  });
  const place = useMemo<PanelPlace>(
    () => ({
      id: kind,
      params,
      visible: current,
      active: current,
      window,
      setParams: (params) => act.current.change({ params }),
      setTitle: (title) => act.current.change({ title }),
      setDirty: (dirty) => markDirty(kind, dirty),
      close: () => act.current.close(),
    }),
    [kind, params, current],
  );
  return (
    <div
      role="tabpanel"
      id={`panel-${kind}`}
      aria-labelledby={`tab-${kind}`}
      hidden={!current}
      className="min-h-0 grow bg-surface"
    >
      <PanelView kind={kind} place={place} />
    </div>
  );
}
