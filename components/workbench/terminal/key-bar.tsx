"use client";
import { useEffect, useState } from "react";
import type { TerminalView } from "../../../viewers/terminal/view.ts";

const arrows = [
  ["Left", "←", "D"],
  ["Down", "↓", "B"],
  ["Up", "↑", "A"],
  ["Right", "→", "C"],
] as const;

/** The keys that a keyboard on glass does not have. */
export function KeyBar({ view }: { view: TerminalView }) {
  const [control, setControl] = useState(false);
  useEffect(() => view.controlUsed.on(() => setControl(false)), [view]);
  const key = (label: string, face: string, act: () => void, pressed?: boolean) => (
    <button
      key={label}
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      // Or the keyboard on the glass would go away.
      onPointerDown={(event) => event.preventDefault()}
      onClick={act}
      className="h-11 min-w-11 flex-1 rounded-md border border-line-strong bg-raised font-mono text-sm aria-pressed:bg-accent-wash aria-pressed:text-accent-ink"
    >
      {face}
    </button>
  );
  const press = (text: string) => view.press(text);
  return (
    <div
      role="toolbar"
      aria-label="Keys"
      className="hidden gap-1 overflow-x-auto border-t border-line bg-surface p-1 [scrollbar-width:none] pointer-coarse:flex"
    >
      {key("Esc", "Esc", () => press("\x1b"))}
      {key("Tab", "Tab", () => press("\t"))}
      {key(
        "Ctrl for the next key",
        "Ctrl",
        () => {
          setControl(!control);
          view.holdControl(!control);
        },
        control,
      )}
      {arrows.map(([label, face, final]) =>
        key(label, face, () =>
          press(`\x1b${view.terminal.modes.applicationCursorKeysMode ? "O" : "["}${final}`),
        ),
      )}
      {["|", "~", "/", "-"].map((text) => key(text, text, () => press(text)))}
    </div>
  );
}
