"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { cx } from "../../lib/cx.ts";
import { ColouredLine } from "../../ui/coloured-line.tsx";
import type { OutputLog } from "../session/output-log.ts";
import type { View } from "../session/session.ts";

const marks = { stdout: "", stderr: "err", compiler: "cc" } as const;
const spoken = { stdout: "", stderr: "stderr: ", compiler: "compiler: " } as const;

interface Props {
  log: OutputLog;
  version: number;
  view: View;
  follow: boolean;
  onFollow: (follow: boolean) => void;
}

/** The lines, drawn as far as they are seen. What is not stdout has a mark before it and a tint. */
export function OutputLines({ log, version, view, follow, onFollow }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const count = log.lines.length;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => 19,
    overscan: 30,
    // A line keeps its number, and so its height, when those before it are let go of.
    getItemKey: (index) => log.dropped + index,
  });
  useEffect(() => {
    if (follow && count > 0) virtual.scrollToIndex(count - 1, { align: "end" });
  }, [follow, version, count, virtual]);
  return (
    <div
      ref={scroller}
      role="log"
      aria-label="Output"
      aria-live="off"
      tabIndex={0}
      className="min-h-0 grow overflow-auto bg-canvas py-1.5 font-mono text-xs leading-[19px] focus-visible:outline-offset-[-2px]"
      onWheel={(event) => {
        if (event.deltaY < 0) onFollow(false);
      }}
      onTouchMove={() => onFollow(false)}
      onKeyDown={(event) => {
        if (["ArrowUp", "PageUp", "Home"].includes(event.key)) onFollow(false);
        else if (event.key === "End") onFollow(true);
      }}
    >
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const line = log.lines[index];
          if (!line) return null;
          const told = view === "all" && line.stream !== "stdout";
          return (
            <div
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              data-stream={line.stream}
              className={cx(
                "absolute inset-x-0 top-0 flex border-l-2 border-transparent pr-3",
                told && (line.stream === "stderr" ? "border-danger! bg-danger/8" : "border-busy! bg-busy/8"),
              )}
              style={{ transform: `translateY(${start}px)` }}
            >
              {view === "all" && (
                <span aria-hidden className="w-8 shrink-0 pl-1.5 text-[10px] text-faint select-none">
                  {marks[line.stream]}
                </span>
              )}
              <span className={cx("min-w-0 break-all whitespace-pre-wrap", view !== "all" && "pl-2.5")}>
                {told && <span className="sr-only">{spoken[line.stream]}</span>}
                <ColouredLine text={line.text} style={line.style} />
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
