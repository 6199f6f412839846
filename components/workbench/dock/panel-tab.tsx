"use client";
import type { IDockviewPanelHeaderProps } from "dockview-react";
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { observeSize } from "../../../viewers/lib/observe-size.ts";
import { useStore } from "../../lib/store.ts";
import { specOf, type PanelKind } from "../panels.ts";
import { closePanel } from "./close-panel.ts";
import { dirtyPanels } from "./dirty.ts";

/** What is seen of a panel among the tabs. The cross is for pointers; by keyboard, Delete closes, and so does the button of the group. */
export function PanelTab({ api }: IDockviewPanelHeaderProps) {
  const [title, setTitle] = useState(api.title);
  const face = useRef<HTMLDivElement>(null);
  const dirty = useStore(dirtyPanels).has(api.id);
  useEffect(() => {
    setTitle(api.title);
    const seen = () => {
      if (api.isActive) face.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
    };
    const following = [
      api.onDidTitleChange((event) => setTitle(event.title)),
      // Where there are more tabs than room, the one in use is not among those that are out of sight.
      api.onDidActiveChange(seen),
    ];
    let unobserve = () => undefined as unknown;
    // The button for those that are takes some of the room, too.
    const frame = requestAnimationFrame(() => {
      const strip = face.current?.closest(".dv-tabs-container");
      if (strip) unobserve = observeSize(strip, seen);
    });
    return () => {
      cancelAnimationFrame(frame);
      unobserve();
      for (const one of following) one.dispose();
    };
  }, [api]);
  const { icon: Icon } = specOf(api.component as PanelKind);
  return (
    <div
      ref={face}
      data-panel={api.id}
      className="group/tab flex h-full items-center gap-1.5 pr-1 pl-2.5 text-xs"
      title={title}
      onAuxClick={(event) => {
        if (event.button === 1) closePanel(api);
      }}
    >
      <Icon className="size-3.5 shrink-0" strokeWidth={1.75} aria-hidden />
      <span className="max-w-44 truncate">{title}</span>
      <span
        aria-hidden
        className="relative grid size-5 place-items-center rounded-sm hover:bg-active pointer-coarse:size-8"
        onPointerDown={(event) => event.stopPropagation()}
        onClick={(event) => {
          event.stopPropagation();
          closePanel(api);
        }}
      >
        {dirty && <span className="absolute size-2 rounded-full bg-dim group-hover/tab:hidden" />}
        <X
          className={
            dirty
              ? "hidden size-3 group-hover/tab:block"
              : "size-3 opacity-0 group-hover/tab:opacity-100 [.dv-active-tab_&]:opacity-70 pointer-coarse:opacity-70"
          }
        />
      </span>
    </div>
  );
}
