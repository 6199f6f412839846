"use client";
import { ArrowDownToLine, Copy, Download, Terminal } from "lucide-react";
import { useEffect, useState } from "react";
import { piecesOf } from "../../lib/ansi.ts";
import { useStore } from "../../lib/store.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { copy } from "../../ui/copy.ts";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import type { OutputLog } from "../session/output-log.ts";
import { output, session, views, type View } from "../session/session.ts";
import { tell } from "../tell.ts";
import type { Playground } from "../use-playground.ts";
import { downloadRun } from "./download-run.ts";
import { OutputLines } from "./output-lines.tsx";
import { VerdictLine } from "./verdict-line.tsx";

const names: Record<View, string> = { all: "All", stdout: "stdout", stderr: "stderr", compiler: "Compiler" };

/** What the program writes, and what came of it. */
export function OutputPane({ play }: { play: Playground }) {
  const { logs, version } = useStore(output);
  const now = useStore(session);
  const runId = now.state === "over" ? now.run.id : undefined;
  const [view, setView] = useState<View>("all");
  const [follow, setFollow] = useState(true);
  const log = logs[view];
  // Another run begins at its end again, with all that it writes.
  useEffect(() => {
    setFollow(true);
    setView((before) => (before === "compiler" ? "all" : before));
  }, [logs]);

  return (
    <section aria-label="Output of the run" className="flex h-full flex-col">
      <div
        role="toolbar"
        aria-label="Output"
        className="flex h-10 shrink-0 items-center gap-0.5 border-b border-line bg-surface px-2 pointer-coarse:h-13"
      >
        {views.map((one) => (
          <Button
            key={one}
            size="sm"
            kind="quiet"
            aria-pressed={view === one}
            className="aria-pressed:bg-active aria-pressed:text-ink"
            onClick={() => setView(one)}
          >
            {names[one]}
            {one !== "all" && <span className="figures text-faint">{countOf(logs[one])}</span>}
          </Button>
        ))}
        <span className="ml-auto flex">
          <IconButton
            label={follow ? "Stay where you are" : "Follow the end"}
            size="sm"
            aria-pressed={follow}
            className="aria-pressed:text-accent-ink"
            onClick={() => setFollow(!follow)}
          >
            <ArrowDownToLine />
          </IconButton>
          <IconButton
            label="Copy what is shown"
            size="sm"
            disabled={log.lines.length === 0}
            onClick={() => void copyLog(log)}
          >
            <Copy />
          </IconButton>
          <Menu
            trigger={
              <IconButton label="Download the output" size="sm" disabled={runId === undefined}>
                <Download />
              </IconButton>
            }
          >
            {views.map((one) => (
              <MenuItem
                key={one}
                disabled={one !== "all" && logs[one].lines.length === 0}
                onSelect={() => {
                  downloadRun(runId ?? "", one).catch((error: unknown) =>
                    tell(error, "The output was not downloaded"),
                  );
                }}
              >
                {one === "all" ? "All, in the order it came" : names[one]}
              </MenuItem>
            ))}
          </Menu>
        </span>
      </div>
      <VerdictLine list={play.list} />
      {log.dropped > 0 && (
        <p className="shrink-0 border-b border-line bg-raised px-3 py-1 text-xs text-dim">
          The first {log.dropped.toLocaleString("en")} lines are not shown any more. The download has them.
        </p>
      )}
      {log.lines.length === 0 && now.state !== "live" && now.state !== "sending" ? (
        <Nothing view={view} />
      ) : (
        <OutputLines
          key={view}
          log={log}
          version={version}
          view={view}
          follow={follow}
          onFollow={setFollow}
        />
      )}
    </section>
  );
}

function Nothing({ view }: { view: View }) {
  const now = useStore(session);
  const ended = now.state === "over";
  return (
    <div className="min-h-0 grow overflow-auto bg-canvas">
      <EmptyState icon={<Terminal aria-hidden />} title={ended ? "It wrote nothing" : "No output yet"}>
        {ended
          ? view === "all"
            ? "Neither to stdout nor to stderr."
            : `Nothing to ${view === "compiler" ? "tell from the compiler" : names[view]}.`
          : "Run the program, or open a run from the history."}
      </EmptyState>
    </div>
  );
}

const countOf = ({ lines, dropped }: OutputLog) =>
  lines.length + dropped === 0 ? "" : (lines.length + dropped).toLocaleString("en", { notation: "compact" });

async function copyLog({ lines }: OutputLog): Promise<void> {
  const text = lines
    .map((line) =>
      piecesOf(line.text)
        .map((piece) => piece.text)
        .join(""),
    )
    .join("\n");
  if (await copy(text)) toast({ key: "output", tone: "ok", title: "The output is copied" });
}
