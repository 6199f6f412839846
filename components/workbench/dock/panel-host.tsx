"use client";
import type { IDockviewPanelProps } from "dockview-react";
import { useContext, useEffect, useMemo, useState } from "react";
import { PortalContext } from "../../ui/portal.ts";
import { PanelView } from "../panel-views.tsx";
import type { PanelKind, PanelParams } from "../panels.ts";
import { WorkbenchContext, type PanelPlace } from "../workbench-context.ts";
import { markDirty } from "./dirty.ts";

/** A panel in the dock. */
export function PanelHost({ api, params }: IDockviewPanelProps<PanelParams>) {
  const standing = useContext(WorkbenchContext);
  const [seen, setSeen] = useState(() => seenOf(api));
  useEffect(() => {
    const look = () => setSeen(seenOf(api));
    const following = [
      api.onDidVisibilityChange(look),
      api.onDidActiveChange(look),
      api.onDidLocationChange(look),
      api.onDidGroupChange(look),
    ];
    look();
    return () => {
      for (const one of following) one.dispose();
    };
  }, [api]);
  const { visible, active, window } = seen;
  const place = useMemo<PanelPlace>(
    () => ({
      id: api.id,
      params,
      visible,
      active,
      window,
      setParams: (next) => api.updateParameters({ ...next }),
      setTitle: (title) => {
        if (api.title !== title) api.setTitle(title);
      },
      setDirty: (dirty) => markDirty(api.id, dirty),
      close: () => api.close(),
    }),
    [api, params, visible, active, window],
  );
  if (standing === undefined) return null;
  return (
    <PortalContext value={window === globalThis.window ? null : window.document.body}>
      <div className="h-full min-h-0 bg-surface text-ink">
        <PanelView kind={api.component as PanelKind} place={place} />
      </div>
    </PortalContext>
  );
}

const seenOf = (api: IDockviewPanelProps["api"]) => ({
  visible: api.isVisible,
  active: api.isActive,
  window: api.getWindow(),
});
