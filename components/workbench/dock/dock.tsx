"use client";
import "dockview-react/dist/styles/dockview.css";
import "./dock.css";
import {
  DockviewReact,
  type DockviewApi,
  type DockviewReadyEvent,
  type DockviewTheme,
  type IDockviewPanelProps,
} from "dockview-react";
import { useCallback, useEffect, useMemo, useRef, useState, type FunctionComponent } from "react";
import { panelSpecs, specOf, type PanelKind, type PanelParams } from "../panels.ts";
import { WorkbenchContext, type Workbench } from "../workbench-context.ts";
import { deleteKey } from "./delete-key.ts";
import { dirtyPanels, markDirty } from "./dirty.ts";
import { GroupActions } from "./group-actions.tsx";
import { PanelHost } from "./panel-host.tsx";
import { PanelTab } from "./panel-tab.tsx";
import { placeFor, type Place, type Standing } from "./place-for.ts";
import { adopt } from "./popout.ts";
import { applyPreset, newPanelId, type PresetName } from "./presets.ts";
import { keepLayout, readLayout } from "./stored-layout.ts";
import { askUnsaved, UnsavedQuestion } from "./unsaved.tsx";
import { useDockKeys } from "./use-dock-keys.tsx";
import { Watermark } from "./watermark.tsx";
import type { Cave } from "#contract/cave.ts";

const theme: DockviewTheme = {
  name: "ghost",
  className: "ghost-dock",
  gap: 0,
  dndOverlayMounting: "absolute",
  dndPanelOverlay: "content",
  dndTabIndicator: "line",
};

const components = Object.fromEntries(
  panelSpecs.map(({ kind }) => [kind, PanelHost as FunctionComponent<IDockviewPanelProps>]),
);
const keepMs = 250;

/** What the page around the dock can do with it. */
export interface DockHandle extends Workbench {
  apply(preset: PresetName): void;
}

interface Props {
  cave: Cave;
  /** Known while the dock stands. */
  onHandle: (handle: DockHandle | undefined) => void;
  preset: PresetName;
}

/** The cave's panels: tabs, splits, drag, maximise, windows of their own; as this browser last had them. */
export function Dock({ cave, onHandle, preset }: Props) {
  const current = useRef(cave);
  const [api, setApi] = useState<DockviewApi>();
  useEffect(() => {
    current.current = cave;
  }, [cave]);

  const handle = useMemo(() => api && handleOf(api, current), [api]);
  const workbench = useMemo(() => handle && { ...handle, cave }, [handle, cave]);

  useEffect(() => {
    onHandle(handle);
    return () => onHandle(undefined);
  }, [handle, onHandle]);

  useEffect(() => {
    if (!api) return;
    const { id } = current.current;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const keep = () => {
      clearTimeout(timer);
      timer = undefined;
      keepLayout(id, api.toJSON());
    };
    const later = () => {
      timer ??= setTimeout(keep, keepMs);
    };
    const following = [api.onDidLayoutChange(later), api.onDidAddPopoutGroup(({ window }) => adopt(window))];
    const leaving = () => {
      if (timer !== undefined) keep();
    };
    addEventListener("pagehide", leaving);
    return () => {
      leaving();
      removeEventListener("pagehide", leaving);
      for (const one of following) one.dispose();
    };
  }, [api]);

  useDockKeys(api, cave.name);

  const ready = useCallback(
    (event: DockviewReadyEvent) => {
      restore(event.api, current.current, preset);
      setApi(event.api);
    },
    [preset],
  );

  const dock = (
    <DockviewReact
      components={components}
      defaultTabComponent={PanelTab}
      rightHeaderActionsComponent={GroupActions}
      watermarkComponent={Watermark}
      onReady={ready}
      theme={theme}
      popoutUrl="/popout"
      scrollbars="native"
      disableFloatingGroups
      noPanelsOverlay="watermark"
    />
  );
  return (
    <div className="h-full" data-keys="dock" onKeyDownCapture={(event) => deleteKey(event, api)}>
      {/* The dock makes its panels before it says that it is ready: they wait for what they stand in. */}
      <WorkbenchContext value={workbench}>{dock}</WorkbenchContext>
      <UnsavedQuestion />
    </div>
  );
}

function restore(api: DockviewApi, cave: Cave, preset: PresetName): void {
  const layout = readLayout(cave.id);
  if (layout === undefined) {
    applyPreset(api, preset, cave);
    return;
  }
  try {
    // Windows cannot be opened without a click: what was in them comes back into the page.
    api.fromJSON(layout);
  } catch {
    applyPreset(api, preset, cave);
  }
}

function handleOf(
  api: DockviewApi,
  current: { readonly current: Cave },
): Omit<DockHandle, "cave"> & { cave: Cave } {
  const paramsOf = (id: string) => (api.getPanel(id)?.params ?? {}) as PanelParams;
  const ofKind = (kind: PanelKind) => api.panels.filter((panel) => panel.view.contentComponent === kind);

  function show(id: string, params?: PanelParams): void {
    const panel = api.getPanel(id);
    if (!panel) return;
    if (params) panel.api.updateParameters({ ...paramsOf(id), ...params });
    if (api.hasMaximizedGroup() && !panel.group.api.isMaximized()) api.exitMaximizedGroup();
    panel.api.setActive();
  }

  function open(kind: PanelKind, params: PanelParams = {}, fresh = false): void {
    const { title, keep, many } = specOf(kind);
    const there = ofKind(kind);
    const same = there.find(({ id }) => isSame(kind, paramsOf(id), params));
    const found = same ?? (many === true && kind !== "preview" && kind !== "terminal" ? undefined : there[0]);
    if (found && !(fresh && many === true)) {
      show(found.id, params);
      return;
    }
    if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
    const place = placeFor(kind, standing(api));
    api.addPanel({
      id: newPanelId(kind),
      title,
      component: kind,
      params: { ...params },
      renderer: keep === true ? "always" : "onlyWhenVisible",
      ...(place && positionOf(api, place)),
    });
  }

  return {
    get cave() {
      return current.current;
    },
    open,
    preview: (port, path) => open("preview", { port, ...(path !== undefined && { path }) }),
    edit(path, line, column) {
      const whole = path.startsWith("/") ? path : `/workspace/${path.replace(/^\.\//, "")}`;
      open("editor", {
        path: whole,
        ...(line !== undefined && { line }),
        ...(column !== undefined && { column }),
      });
    },
    shows: (kind, params) =>
      ofKind(kind).some(({ id }) => params === undefined || isSame(kind, paramsOf(id), params)),
    sees: (kind) => ofKind(kind).some(({ api }) => api.isVisible),
    terminals: () => ofKind("terminal").flatMap(({ id }) => paramsOf(id).terminalId ?? []),
    apply(preset) {
      const put = () => {
        for (const id of dirtyPanels.get()) markDirty(id, false);
        applyPreset(api, preset, current.current);
      };
      const { size } = dirtyPanels.get();
      if (size === 0) put();
      else askUnsaved({ what: size === 1 ? "a file" : `${size} files`, window, close: put });
    },
  };
}

const standing = (api: DockviewApi): Standing[] =>
  api.panels.map(({ id, view, group, api: { location } }) => ({
    id,
    kind: view.contentComponent as PanelKind,
    group: group.id,
    front: group.activePanel?.id === id,
    docked: location.type === "grid",
    width: group.width,
  }));

/** Beside another it gets half of that one's room, so that the others keep their size. */
function positionOf(api: DockviewApi, place: Place) {
  if ("within" in place) return { position: { referenceGroup: place.within } };
  const { beside, direction } = place;
  const { width = 0, height = 0 } = api.getPanel(beside)?.group ?? {};
  return {
    position: { referencePanel: beside, direction },
    ...(direction === "above"
      ? { initialHeight: Math.round(height / 2) }
      : { initialWidth: Math.round(width / 2) }),
  };
}

/** Whether a panel shows what is asked for already. */
function isSame(kind: PanelKind, has: PanelParams, wanted: PanelParams): boolean {
  if (kind === "editor") return has.path === wanted.path;
  if (kind === "preview") return has.port === wanted.port;
  if (kind === "terminal") return wanted.terminalId !== undefined && has.terminalId === wanted.terminalId;
  return true;
}
