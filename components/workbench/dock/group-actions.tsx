"use client";
import type { IDockviewHeaderActionsProps } from "dockview-react";
import { ExternalLink, Maximize2, Minimize2, PanelTopClose, Plus, X } from "lucide-react";
import { useContext, useEffect, useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { PortalContext } from "../../ui/portal.ts";
import { toast } from "../../ui/toast.tsx";
import { specOf, type PanelKind } from "../panels.ts";
import { WorkbenchContext } from "../workbench-context.ts";
import { closePanel } from "./close-panel.ts";
import { movePanel, splitPanel } from "./dock-moves.ts";
import { GroupMenu } from "./group-menu.tsx";

/** Beside the tabs of every group: one more terminal, larger, a window of its own, close. */
export function GroupActions({ api, containerApi, activePanel, group }: IDockviewHeaderActionsProps) {
  const workbench = useContext(WorkbenchContext);
  const [, render] = useState(0);
  useEffect(() => {
    const again = () => render((count) => count + 1);
    const following = [containerApi.onDidMaximizedGroupChange(again), api.onDidLocationChange(again)];
    return () => following.forEach((one) => one.dispose());
  }, [api, containerApi]);
  useEffect(() => {
    const following = activePanel?.api.onDidTitleChange(() => render((count) => count + 1));
    return () => following?.dispose();
  }, [activePanel]);
  const popped = api.location.type === "popout";
  const title = activePanel?.title;
  const cave = workbench?.cave.name;
  // Several windows of one cave are told apart where the system lists them.
  useEffect(() => {
    if (popped) api.getWindow().document.title = [title, cave, "Ghost"].filter(Boolean).join(" · ");
  }, [api, popped, title, cave]);
  if (!activePanel || !workbench) return null;

  const kind = activePanel.view.contentComponent as PanelKind;
  const maximized = !popped && api.isMaximized();
  const name = title ?? specOf(kind).title;
  const popOut = async () => {
    if (!(await containerApi.addPopoutGroup(group, { popoutUrl: "/popout" })))
      toast({
        key: "popout",
        tone: "danger",
        title: "The browser opened no window",
        detail: "Allow pop-ups for this page.",
      });
  };
  return (
    <PortalContext value={popped ? api.getWindow().document.body : null}>
      <div className="flex h-full items-center pr-1" role="group" aria-label={`Panel ${name}`}>
        {kind === "terminal" && (
          <IconButton label="New terminal" size="sm" onClick={() => workbench.open("terminal", {}, true)}>
            <Plus />
          </IconButton>
        )}
        <GroupMenu
          kind={kind}
          movable={!popped}
          onMove={(direction) => {
            activePanel.api.setActive();
            movePanel(containerApi, direction);
          }}
          onSplit={(direction) => {
            activePanel.api.setActive();
            splitPanel(containerApi, direction);
          }}
          alone={group.panels.length < 2}
        />
        {popped ? (
          <IconButton
            label="Back into the page"
            size="sm"
            onClick={() => activePanel.api.getWindow().close()}
          >
            <PanelTopClose />
          </IconButton>
        ) : (
          <>
            <span className="contents max-lg:hidden">
              <IconButton label="Open in a window" size="sm" onClick={() => void popOut()}>
                <ExternalLink />
              </IconButton>
            </span>
            <IconButton
              label={maximized ? "Restore" : "Maximise"}
              size="sm"
              aria-pressed={maximized}
              onClick={() => (maximized ? api.exitMaximized() : api.maximize())}
            >
              {maximized ? <Minimize2 /> : <Maximize2 />}
            </IconButton>
          </>
        )}
        <IconButton label={`Close ${name}`} size="sm" onClick={() => closePanel(activePanel.api)}>
          <X />
        </IconButton>
      </div>
    </PortalContext>
  );
}
