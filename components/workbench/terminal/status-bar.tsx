"use client";
import { ALargeSmall, Download, Ear, Minus, Plus, Search, Users } from "lucide-react";
import type { Phase } from "../../../viewers/terminal/session-state.ts";
import { api } from "../../lib/api.ts";
import { cx } from "../../lib/cx.ts";
import { useNow } from "../../lib/use-now.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Menu, MenuItem, MenuLabel, MenuLine, MenuToggle } from "../../ui/menu.tsx";
import { download } from "../download.ts";
import { useWorkbench } from "../workbench-context.ts";
import { terminalSettings } from "./settings.ts";
import { resize, type TerminalHandle } from "./use-terminal.ts";

interface Props {
  terminal: TerminalHandle;
  onFind: () => void;
  onClose: () => void;
}

/** One line that says how the terminal is, and what can be done about it. */
export function StatusBar({ terminal, onFind, onClose }: Props) {
  const { view, state, settings, id, refused } = terminal;
  const { cave, open } = useWorkbench();
  const phase = state?.phase ?? { kind: "connecting" };
  const watching = phase.kind === "attached" && !state?.control;
  const ended = phase.kind === "exited" || phase.kind === "gone";
  return (
    <div
      data-terminal-bar
      className="flex h-7 shrink-0 items-center gap-2 border-t border-line bg-surface pr-1 pl-3 text-xs text-faint pointer-coarse:h-11"
    >
      <span
        key={refused}
        className={cx("flex min-w-0 items-center gap-2", watching && refused > 0 && "animate-rise text-ink")}
      >
        <Light phase={phase} control={state?.control ?? false} />
        <span role="status" className="truncate">
          {wordsOf(phase, state?.control ?? false)}
        </span>
        {phase.kind === "waiting" && <Countdown to={phase.retryAt} />}
      </span>
      {watching && (
        <Button
          size="sm"
          onClick={() => {
            view?.session.takeControl();
            view?.terminal.focus();
          }}
        >
          Take control
        </Button>
      )}
      {(phase.kind === "waiting" || phase.kind === "refused") && (
        <Button size="sm" onClick={() => view?.session.reconnect()}>
          Try now
        </Button>
      )}
      {ended && (
        <>
          <Button size="sm" onClick={() => open("terminal", {}, true)}>
            New terminal
          </Button>
          <Button size="sm" kind="quiet" onClick={onClose}>
            Close
          </Button>
        </>
      )}
      <span className="ml-auto flex items-center gap-1">
        {state && state.viewers > 1 && (
          <span className="flex items-center gap-1" title={`${state.viewers} look at this terminal`}>
            <Users className="size-3" aria-hidden /> {state.viewers} viewers
          </span>
        )}
        {state && state.cols > 0 && (
          <span className="figures px-1 max-sm:hidden">
            {state.cols} × {state.rows}
          </span>
        )}
        <IconButton label="Find" keys="mod+shift+f" size="sm" onClick={onFind}>
          <Search />
        </IconButton>
        <Menu
          trigger={
            <IconButton label="Text and transcript" size="sm">
              <ALargeSmall />
            </IconButton>
          }
        >
          <MenuLabel>Text, {settings.fontSize} px</MenuLabel>
          <MenuItem icon={<Plus aria-hidden />} onSelect={keepOpen(() => resize(1))}>
            Larger
          </MenuItem>
          <MenuItem icon={<Minus aria-hidden />} onSelect={keepOpen(() => resize(-1))}>
            Smaller
          </MenuItem>
          <MenuLine />
          <MenuToggle
            checked={settings.screenReader}
            onChange={(screenReader) => terminalSettings.set((now) => ({ ...now, screenReader }))}
          >
            <span className="flex items-center gap-2">
              <Ear aria-hidden /> Screen reader support
            </span>
          </MenuToggle>
          {id !== undefined && (
            <MenuItem
              icon={<Download aria-hidden />}
              onSelect={() =>
                download(api.terminals.transcript.url({ params: { cave: cave.id, id } }), `${id}.txt`)
              }
            >
              Download the transcript
            </MenuItem>
          )}
        </Menu>
      </span>
    </div>
  );
}

const keepOpen = (act: () => void) => (event: Event) => {
  event.preventDefault();
  act();
};

function Countdown({ to }: { to: number }) {
  const seconds = Math.ceil((to - useNow()) / 1000);
  return <span aria-hidden>{seconds > 0 ? `in ${seconds} s` : "now"}</span>;
}

function Light({ phase, control }: { phase: Phase; control: boolean }) {
  const tone = {
    attached: control ? "bg-ok" : "border-2 border-accent",
    waiting: "bg-warn",
    refused: "rounded-[1px]! bg-danger",
    connecting: "bg-ghost motion-safe:animate-pulse-dot",
    suspended: "bg-ghost",
    exited: "bg-ghost",
    gone: "bg-ghost",
    disposed: "bg-ghost",
  }[phase.kind];
  return <span aria-hidden className={cx("size-2 shrink-0 rounded-full", tone)} />;
}

function wordsOf(phase: Phase, control: boolean): string {
  switch (phase.kind) {
    case "connecting":
      return "Connecting";
    case "attached":
      return control ? "Connected" : "Watching: somebody else types";
    case "waiting":
      return `${phase.cause} Reconnecting`;
    case "suspended":
      return "Paused while nobody looks";
    case "exited":
      return phase.exit.signal === undefined
        ? `Ended with exit code ${phase.exit.exitCode ?? "unknown"}`
        : `Ended by ${phase.exit.signal}`;
    case "gone":
      return "This terminal is closed";
    case "refused":
      return phase.cause;
    case "disposed":
      return "";
  }
}
