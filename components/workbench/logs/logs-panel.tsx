"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDownToLine, Download, ScrollText } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { plainText } from "../../lib/ansi.ts";
import { api } from "../../lib/api.ts";
import { download } from "../../lib/download.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { ColouredLine } from "../../ui/coloured-line.tsx";
import { EmptyState, ErrorNote } from "../../ui/states.tsx";
import { PanelBar, PanelSearch, PanelSelect } from "../panel-bar.tsx";
import { useWorkbench, type PanelProps } from "../workbench-context.ts";
import { useLog, type Log } from "./use-log.ts";

const names: Record<string, string> = {
  "": "The cave",
  code: "VS Code",
  desktop: "Desktop",
  jupyter: "Jupyter",
};

const doing: Partial<Record<Log["state"], string>> = { loading: "Loading", waiting: "Reconnecting" };

/** What the cave and its services say. */
export function LogsPanel({ place }: PanelProps) {
  const { cave } = useWorkbench();
  const service = place.params.service ?? "";
  const [follow, setFollow] = useState(true);
  const [text, setText] = useState("");
  const [attempt, setAttempt] = useState(0);
  const { lines, dropped, state, error } = useLog(cave.id, service, place.visible, attempt);
  const scroller = useRef<HTMLDivElement>(null);
  const wanted = text.toLowerCase();
  const found = useMemo(
    () =>
      lines
        .map((line, index) => ({ line, number: dropped + index + 1 }))
        .filter(({ line }) => wanted === "" || plainText(line).toLowerCase().includes(wanted)),
    [lines, dropped, wanted],
  );
  const virtual = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 19,
    overscan: 30,
  });
  useEffect(() => {
    if (follow && found.length > 0) virtual.scrollToIndex(found.length - 1, { align: "end" });
  }, [follow, found, virtual]);

  return (
    <div className="flex h-full flex-col">
      <PanelBar label="Logs">
        <PanelSelect
          aria-label="Whose log"
          value={service}
          onChange={(event) => place.setParams({ ...place.params, service: event.target.value })}
        >
          {["", ...Object.keys(cave.services)].map((name) => (
            <option key={name} value={name}>
              {names[name] ?? name}
            </option>
          ))}
        </PanelSelect>
        <PanelSearch label="Show lines with" value={text} onChange={setText} />
        <span role="status" className="figures whitespace-nowrap text-faint">
          {doing[state] ?? (wanted === "" ? "" : `${found.length} of ${lines.length}`)}
        </span>
        <Button
          size="sm"
          kind="quiet"
          aria-pressed={follow}
          className="aria-pressed:bg-active aria-pressed:text-ink"
          onClick={() => setFollow(!follow)}
        >
          <ArrowDownToLine aria-hidden /> Follow
        </Button>
        <IconButton
          label="Download the log"
          size="sm"
          onClick={() =>
            download(
              api.caves.logs.url({ params: { cave: cave.id }, query: service === "" ? {} : { service } }),
              `${cave.name}${service === "" ? "" : `-${service}`}.log`,
            )
          }
        >
          <Download />
        </IconButton>
      </PanelBar>
      {error !== undefined && (
        <div className="p-2">
          <ErrorNote error={error} />
          {state === "ended" && (
            <Button size="sm" className="mt-2" onClick={() => setAttempt((count) => count + 1)}>
              Try again
            </Button>
          )}
        </div>
      )}
      {lines.length === 0 && state === "following" ? (
        <EmptyState icon={<ScrollText aria-hidden />} title={`${names[service] ?? service} has said nothing`}>
          {service === ""
            ? "What the cave's own processes print appears here."
            : "It writes here once it has been started."}
        </EmptyState>
      ) : (
        <div
          ref={scroller}
          role="log"
          aria-label={`Log of ${names[service] ?? service}`}
          aria-live="off"
          tabIndex={0}
          className="min-h-0 grow overflow-auto bg-canvas py-1 font-mono text-xs leading-[19px] focus-visible:outline-offset-[-2px]"
          onWheel={(event) => {
            if (event.deltaY < 0) setFollow(false);
          }}
          onTouchMove={() => setFollow(false)}
          onKeyDown={({ key }) => {
            if (["ArrowUp", "PageUp", "Home"].includes(key)) setFollow(false);
            else if (key === "End") setFollow(true);
          }}
        >
          <div className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start, key }) => {
              const one = found[index];
              return (
                one && (
                  <div
                    key={key}
                    ref={virtual.measureElement}
                    data-index={index}
                    className="absolute inset-x-0 top-0 flex gap-3 px-3 hover:bg-hover"
                    style={{ transform: `translateY(${start}px)` }}
                  >
                    <span aria-hidden className="w-10 shrink-0 text-right text-ghost select-none">
                      {one.number}
                    </span>
                    <span className="min-w-0 break-all whitespace-pre-wrap">
                      <ColouredLine text={one.line} mark={wanted} />
                    </span>
                  </div>
                )
              );
            })}
          </div>
        </div>
      )}
    </div>
  );
}
