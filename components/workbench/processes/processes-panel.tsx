"use client";
import { useQuery } from "@tanstack/react-query";
import { OctagonX, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { api } from "../../lib/api.ts";
import { cx } from "../../lib/cx.ts";
import { absolute, span } from "../../lib/time.ts";
import { bytes, percent } from "../../lib/units.ts";
import { useNow } from "../../lib/use-now.ts";
import { IconButton } from "../../ui/button.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { ErrorState } from "../../ui/states.tsx";
import { toastError } from "../../ui/toast.tsx";
import { PanelBar, PanelSearch } from "../panel-bar.tsx";
import { useWorkbench, type PanelProps } from "../workbench-context.ts";
import { rowsOf, type Order } from "./tree.ts";
import type { Process } from "#contract/inside.ts";

const everyMs = 2000;

/** What runs in the cave. */
export function ProcessesPanel({ place }: PanelProps) {
  const { cave } = useWorkbench();
  const [order, setOrder] = useState<Order>("tree");
  const [text, setText] = useState("");
  const [killing, setKilling] = useState<Process>();
  const query = useQuery({
    queryKey: ["processes", cave.id],
    queryFn: async ({ signal }) => {
      const { processes } = await api.processes.list({ params: { cave: cave.id } }, { signal });
      return { at: Date.now(), processes };
    },
    refetchInterval: place.visible ? everyMs : false,
    enabled: place.visible,
    structuralSharing: false,
  });
  const readings = useRef<{ now?: typeof query.data; before?: typeof query.data }>({});
  useEffect(() => {
    if (query.data !== readings.current.now)
      readings.current = { now: query.data, before: readings.current.now };
  });
  const before = query.data === readings.current.now ? readings.current.before : readings.current.now;
  const now = useNow();

  async function signal(one: Process, name: "SIGTERM" | "SIGKILL"): Promise<void> {
    try {
      await api.processes.signal({ params: { cave: cave.id, pid: one.pid }, body: { signal: name } });
    } catch (error) {
      toastError(error, `Process ${one.pid} was not ended`);
    }
    await query.refetch();
  }

  if (query.error !== null && query.data === undefined)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const wanted = text.toLowerCase();
  const rows = query.data
    ? rowsOf(query.data, before, order).filter(
        ({ process: { command, pid } }) => command.toLowerCase().includes(wanted) || String(pid) === wanted,
      )
    : [];
  const heads = [
    { name: "tree", label: "Command", className: "w-full" },
    { name: "cpu", label: "CPU", className: "w-14 text-right" },
    { name: "memory", label: "Memory", className: "w-20 text-right" },
  ] as const;
  return (
    <div className="flex h-full flex-col">
      <PanelBar label="Processes">
        <PanelSearch label="Find a process" value={text} onChange={setText} />
        <span className="figures text-faint">{query.data?.processes.length ?? ""}</span>
      </PanelBar>
      <div className="@container min-h-0 grow overflow-auto">
        <table aria-label="Processes" className="w-full border-collapse text-left text-xs">
          <thead className="sticky top-0 z-1 bg-surface text-faint">
            <tr className="border-b border-line [&>th]:h-7 [&>th]:px-2 [&>th]:font-medium">
              <th scope="col" className="w-14 text-right max-@md:hidden">
                PID
              </th>
              {heads.map(({ name, label, className }) => (
                <th
                  key={name}
                  scope="col"
                  className={className}
                  aria-sort={order === name ? (name === "tree" ? "other" : "descending") : undefined}
                >
                  <button
                    type="button"
                    className={cx("h-6 rounded-sm px-1 hover:text-ink", order === name && "text-ink")}
                    onClick={() => setOrder(name)}
                  >
                    {label}
                    {order === name && name !== "tree" && " ↓"}
                  </button>
                </th>
              ))}
              <th scope="col" className="w-16 text-right max-@lg:hidden">
                Age
              </th>
              <th scope="col" className="w-16">
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ process: one, level, cpu }) => (
              <tr key={`${one.pid} ${one.startedAt}`} className="group/row h-7 hover:bg-hover [&>td]:px-2">
                <td className="figures text-right text-faint max-@md:hidden">{one.pid}</td>
                <td
                  className="max-w-0 truncate"
                  title={`${one.pid} ${one.command}`}
                  style={{ paddingLeft: 8 + level * 14 }}
                >
                  <code className={one.running ? "" : "text-faint line-through"}>{one.command}</code>
                  {one.name !== undefined && <span className="ml-2 text-accent-ink">{one.name}</span>}
                </td>
                <td className="figures text-right">{cpu === undefined ? "" : percent(cpu * 100)}</td>
                <td className="figures text-right">{bytes(one.memoryBytes)}</td>
                <td className="figures text-right text-faint max-@lg:hidden" title={absolute(one.startedAt)}>
                  {now > 0 ? span(now - Date.parse(one.startedAt)) : ""}
                </td>
                <td>
                  <span className="flex justify-end opacity-0 group-hover/row:opacity-100 group-focus-within/row:opacity-100 pointer-coarse:opacity-100">
                    <IconButton
                      label={`End ${one.pid}`}
                      size="sm"
                      onClick={() => void signal(one, "SIGTERM")}
                    >
                      <X />
                    </IconButton>
                    <IconButton label={`Kill ${one.pid}`} size="sm" onClick={() => setKilling(one)}>
                      <OctagonX />
                    </IconButton>
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {killing && (
        <Confirm
          title={`Kill process ${killing.pid}?`}
          action="Kill"
          onYes={() => signal(killing, "SIGKILL")}
          onClose={() => setKilling(undefined)}
        >
          It ends at once, without saving anything.
          <code className="mt-2 block text-xs break-all">{killing.command}</code>
        </Confirm>
      )}
    </div>
  );
}
