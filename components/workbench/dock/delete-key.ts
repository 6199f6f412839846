import type { DockviewApi } from "dockview-react";
import type { KeyboardEvent } from "react";
import { closePanel } from "./close-panel.ts";

/** The dock closes the tab that has the focus at once; here first comes the question after what has not been saved. */
export function deleteKey(event: KeyboardEvent, api: DockviewApi | undefined): void {
  if (event.key !== "Delete" && event.key !== "Backspace") return;
  const tab = event.target as Element;
  if (tab.getAttribute("role") !== "tab") return;
  event.preventDefault();
  event.stopPropagation();
  const id = tab.querySelector("[data-panel]")?.getAttribute("data-panel");
  const panel = id == null ? undefined : api?.getPanel(id);
  if (!panel) return;
  const neighbour = tab.nextElementSibling ?? tab.previousElementSibling;
  closePanel(panel.api);
  if (!tab.isConnected) (neighbour as HTMLElement | null)?.focus();
}
