import { button, element } from "../lib/dom.ts";
import type { TerminalView } from "./view.ts";

const arrows = { "←": ["Left", "D"], "↓": ["Down", "B"], "↑": ["Up", "A"], "→": ["Right", "C"] } as const;

/** The keys that a keyboard on glass does not have. */
export function keyBar(current: () => TerminalView | undefined): { element: HTMLElement; released(): void } {
  const press = (text: string) => current()?.press(text);
  const control = key("Control for the next key", "Ctrl", () => {
    const hold = control.getAttribute("aria-pressed") !== "true";
    control.setAttribute("aria-pressed", String(hold));
    current()?.holdControl(hold);
  });
  control.setAttribute("aria-pressed", "false");
  const bar = element(
    "div",
    { class: "key-bar", role: "toolbar", "aria-label": "Keys" },
    key("Escape", "Esc", () => press("\x1b")),
    key("Tab", "Tab", () => press("\t")),
    control,
    ...Object.entries(arrows).map(([face, [name, final]]) =>
      key(name, face, () => {
        const application = current()?.terminal.modes.applicationCursorKeysMode === true;
        press(`\x1b${application ? "O" : "["}${final}`);
      }),
    ),
    ...["|", "~", "/", "-"].map((text) => key(text, text, () => press(text))),
  );
  return { element: bar, released: () => control.setAttribute("aria-pressed", "false") };
}

/** Pressing one must not take the focus, and with it the keyboard on the glass, away from the terminal. */
function key(label: string, face: string, act: () => void): HTMLButtonElement {
  return button(label, face, act, { pointerdown: (event) => event.preventDefault() });
}
