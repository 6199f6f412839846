"use client";
import { ALargeSmall, CircleX, Download, Ear, Minus, Plus, Search, Users } from "lucide-react";
import type { Phase } from "../../../viewers/terminal/session-state.ts";
import {
  actionOf,
  countdownOf,
  levelOf,
  wordsOf,
  type Level,
} from "../../../viewers/terminal/status-words.ts";
import { api } from "../../lib/api.ts";
import { cx } from "../../lib/cx.ts";
import { download } from "../../lib/download.ts";
import { useNow } from "../../lib/use-now.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Menu, MenuItem, MenuLabel, MenuLine, MenuToggle } from "../../ui/menu.tsx";
import { toastError } from "../../ui/toast.tsx";
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
  const control = state?.control ?? false;
  const watching = phase.kind === "attached" && !control;
  const action = actionOf(phase, control);
  const take = () => {
    view?.session.takeControl();
    view?.terminal.focus();
  };
  const ended = phase.kind === "exited" || phase.kind === "gone";
  const end = async (id: string) => {
    try {
      await api.terminals.close({ params: { cave: cave.id, id } });
      onClose();
    } catch (error) {
      toastError(error, "The terminal was not ended");
    }
  };
  return (
    <div
      data-terminal-bar
      className="flex h-7 shrink-0 items-center gap-2 border-t border-line bg-surface pr-1 pl-3 text-xs text-faint pointer-coarse:h-11"
    >
      <span
        key={refused}
        className={cx("flex min-w-0 items-center gap-2", watching && refused > 0 && "animate-rise text-ink")}
      >
        <span
          aria-hidden
          className={cx(
            "size-2 shrink-0 rounded-full",
            tones[levelOf(phase, control)],
            phase.kind === "connecting" && "motion-safe:animate-pulse-dot",
          )}
        />
        <span role="status" className="truncate">
          {wordsOf(phase, control)}
        </span>
        {phase.kind === "waiting" && <Countdown phase={phase} />}
      </span>
      {action !== undefined && (
        <Button size="sm" onClick={action === "Take control" ? take : () => view?.session.reconnect()}>
          {action}
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
          {id !== undefined && !ended && (
            <MenuItem icon={<CircleX aria-hidden />} danger onSelect={() => void end(id)}>
              End what runs in it
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

const tones: Record<Level, string> = {
  good: "bg-ok",
  watching: "border-2 border-accent",
  idle: "bg-ghost",
  waiting: "bg-warn",
  bad: "rounded-[1px]! bg-danger",
  ended: "bg-ghost",
};

function Countdown({ phase }: { phase: Phase }) {
  return <span aria-hidden>{countdownOf(phase, useNow())}</span>;
}
