"use client";
import { useEffect, useRef, useState } from "react";
import { ErrorState } from "../../ui/states.tsx";
import { useWorkbench, type PanelProps } from "../workbench-context.ts";
import { FindBar } from "./find-bar.tsx";
import { KeyBar } from "./key-bar.tsx";
import { Questions } from "./questions.tsx";
import { StatusBar } from "./status-bar.tsx";
import { useTerminal } from "./use-terminal.ts";
import "@xterm/xterm/css/xterm.css";

/** One terminal of the cave, which lives in the cave: the panel is a way to look at it. */
export function TerminalPanel({ place }: PanelProps) {
  const workbench = useWorkbench();
  const host = useRef<HTMLDivElement>(null);
  const [finding, setFinding] = useState(false);
  const terminal = useTerminal({ host, place, workbench, onFind: () => setFinding(true) });
  const { view, error, questions, settings } = terminal;

  useEffect(() => {
    if (place.active && place.visible) view?.terminal.focus();
  }, [place.active, place.visible, view]);

  if (error !== undefined) return <ErrorState error={error} onRetry={terminal.retry} />;
  return (
    <div className="relative flex h-full flex-col" data-keys="own">
      <div
        className="relative min-h-0 grow"
        style={{ background: settings.appearance === "light" ? "#fbfcfd" : "#0e1014" }}
      >
        <div ref={host} className="absolute inset-x-3 top-2 bottom-1 overflow-hidden" />
        {finding && view && (
          <FindBar
            view={view}
            onClose={() => {
              setFinding(false);
              view.search.clearDecorations();
              view.terminal.focus();
            }}
          />
        )}
        <Questions questions={questions} />
      </div>
      {view && <KeyBar view={view} />}
      <StatusBar terminal={terminal} onFind={() => setFinding(true)} onClose={() => place.close()} />
    </div>
  );
}
