import type { DockviewApi, IDockviewPanel } from "dockview-react";

export type Direction = "left" | "right" | "up" | "down";
const sides = { left: "left", right: "right", up: "top", down: "bottom" } as const;

/** The panel that is worked in, where it stands in the page. */
function current(api: DockviewApi): IDockviewPanel | undefined {
  const panel = api.activePanel;
  if (panel?.api.location.type !== "grid") return undefined;
  if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
  return panel;
}

/** Into the group on that side; where there is none, it gets one of its own there. */
export function movePanel(api: DockviewApi, direction: Direction): void {
  const panel = current(api);
  if (!panel) return;
  const beside = api.adjacentGroupInDirection(panel.group, direction);
  const group = beside && api.groups.find(({ id }) => id === beside.id);
  if (!group) {
    splitPanel(api, direction);
    return;
  }
  panel.api.moveTo({ group });
  panel.api.setActive();
}

/** Out of its group into one of its own beside it. One that is alone stays where it is. */
export function splitPanel(api: DockviewApi, direction: Direction): void {
  const panel = current(api);
  if (!panel || panel.group.panels.length < 2) return;
  panel.api.moveTo({ group: panel.group, position: sides[direction] });
  panel.api.setActive();
}

export function toggleMaximised(api: DockviewApi): void {
  const panel = api.activePanel;
  if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
  else if (panel?.api.location.type === "grid") api.maximizeGroup(panel);
}
