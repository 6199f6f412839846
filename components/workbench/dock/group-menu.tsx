"use client";
import { Columns2, Ellipsis, Rows2 } from "lucide-react";
import { useContext } from "react";
import { IconButton } from "../../ui/button.tsx";
import { Menu, MenuItem, MenuLabel, MenuLine } from "../../ui/menu.tsx";
import type { PanelKind } from "../panels.ts";
import { DetachedTerminals } from "../terminal/detached-terminals.tsx";
import { WorkbenchContext } from "../workbench-context.ts";
import { dockKeys } from "./dock-keys.ts";
import type { Direction } from "./dock-moves.ts";
import { moves } from "./use-dock-keys.tsx";

interface Props {
  kind: PanelKind;
  /** Not in a window of its own. */
  movable: boolean;
  /** There is nothing else in its group. */
  alone: boolean;
  onMove: (direction: Direction) => void;
  onSplit: (direction: Direction) => void;
}

/** What dragging does, for who does not drag; and the terminals that run on without a panel. */
export function GroupMenu({ kind, movable, alone, onMove, onSplit }: Props) {
  const workbench = useContext(WorkbenchContext);
  if (!movable && kind !== "terminal") return null;
  return (
    <Menu
      trigger={
        <IconButton label="Panel menu" size="sm">
          <Ellipsis />
        </IconButton>
      }
    >
      {movable && (
        <>
          {moves.map(({ direction, label, icon: Icon }) => (
            <MenuItem
              key={direction}
              icon={<Icon aria-hidden />}
              keys={dockKeys[direction]}
              onSelect={() => onMove(direction)}
            >
              {label}
            </MenuItem>
          ))}
          <MenuItem icon={<Columns2 aria-hidden />} disabled={alone} onSelect={() => onSplit("right")}>
            Split to the right
          </MenuItem>
          <MenuItem icon={<Rows2 aria-hidden />} disabled={alone} onSelect={() => onSplit("down")}>
            Split below
          </MenuItem>
        </>
      )}
      {kind === "terminal" && workbench && (
        <>
          {movable && <MenuLine />}
          <MenuLabel>Terminals without a panel</MenuLabel>
          <DetachedTerminals workbench={workbench} />
        </>
      )}
    </Menu>
  );
}
