"use client";
import type { DockviewApi } from "dockview-react";
import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Maximize2 } from "lucide-react";
import { useCommands } from "../../palette/store.ts";
import { useShortcuts } from "../../shortcuts/shortcuts.ts";
import { dockKeys } from "./dock-keys.ts";
import { movePanel, toggleMaximised, type Direction } from "./dock-moves.ts";

export const moves: readonly { direction: Direction; label: string; icon: typeof ArrowLeft }[] = [
  { direction: "left", label: "Move left", icon: ArrowLeft },
  { direction: "right", label: "Move right", icon: ArrowRight },
  { direction: "up", label: "Move up", icon: ArrowUp },
  { direction: "down", label: "Move down", icon: ArrowDown },
];

/** Everything a pointer does to the dock by dragging, by keyboard and from the palette. */
export function useDockKeys(api: DockviewApi | undefined, group: string): void {
  const acts = [
    ...moves.map(({ direction, label, icon }) => ({
      keys: dockKeys[direction],
      does: label.replace("Move", "Move the panel"),
      icon,
      run: () => api && movePanel(api, direction),
    })),
    {
      keys: dockKeys.maximise,
      does: "Maximise or restore the panel",
      icon: Maximize2,
      run: () => api && toggleMaximised(api),
    },
  ];
  useShortcuts([
    ...acts.map(({ keys, does, run }) => ({ keys, does, group: "Panels", run })),
    {
      keys: dockKeys.next,
      does: "Next panel",
      group: "Panels",
      run: () => api?.activateNext({ includePanel: true }),
    },
    {
      keys: dockKeys.previous,
      does: "Previous panel",
      group: "Panels",
      run: () => api?.activatePrevious({ includePanel: true }),
    },
  ]);
  useCommands(
    acts.map(({ keys, does, icon: Icon, run }) => ({
      id: `dock ${keys}`,
      name: does,
      group,
      keys,
      icon: <Icon aria-hidden />,
      words: "dock split tab",
      whenAsked: true,
      run,
    })),
  );
}
