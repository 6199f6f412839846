"use client";
import { useQuery } from "@tanstack/react-query";
import { PanelsTopLeft } from "lucide-react";
import { useContext } from "react";
import { may, meQuery } from "../../session/api.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { panelsFor } from "../panels.ts";
import { WorkbenchContext } from "../workbench-context.ts";

/** When every panel is closed. */
export function Watermark() {
  const workbench = useContext(WorkbenchContext);
  const { data: me } = useQuery(meQuery);
  if (!workbench) return null;
  const { cave, open } = workbench;
  return (
    <div className="grid h-full place-items-center">
      <EmptyState
        icon={<PanelsTopLeft aria-hidden />}
        title="Every panel is closed"
        actions={panelsFor(cave, (scope) => may(me, scope)).map(({ kind, title, icon: Icon }) => (
          <Button key={kind} onClick={() => open(kind)}>
            <Icon aria-hidden /> {title}
          </Button>
        ))}
      >
        Open one here, or put a whole layout in place with the Layout menu.
      </EmptyState>
    </div>
  );
}
