"use client";
import { useQuery } from "@tanstack/react-query";
import { SquareTerminal } from "lucide-react";
import { shownTitle } from "../../../viewers/terminal/server-control.ts";
import { api, explain } from "../../lib/api.ts";
import { MenuItem } from "../../ui/menu.tsx";
import type { Workbench } from "../workbench-context.ts";

/** A closed panel does not end its terminal: these go on in the cave and can be looked at again. */
export function DetachedTerminals({ workbench }: { workbench: Workbench }) {
  const { cave, open, terminals } = workbench;
  const { data, error } = useQuery({
    queryKey: ["terminals", cave.id],
    queryFn: ({ signal }) => api.terminals.list({ params: { cave: cave.id } }, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
  const shown = new Set(terminals());
  const rest = (data?.terminals ?? []).filter(({ id }) => !shown.has(id));
  if (rest.length === 0)
    return (
      <MenuItem disabled>
        {error !== null ? explain(error).title : data === undefined ? "Asking the cave" : "None"}
      </MenuItem>
    );
  return rest.map(({ id, name, title, running }) => (
    <MenuItem
      key={id}
      icon={<SquareTerminal aria-hidden />}
      onSelect={() => open("terminal", { terminalId: id }, true)}
    >
      {shownTitle(title) || name}
      {!running && <span className="text-faint"> ended</span>}
    </MenuItem>
  ));
}
