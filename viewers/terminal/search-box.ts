import { button, element } from "../lib/dom.ts";
import { findColours } from "./themes.ts";
import type { TerminalView } from "./view.ts";

/** Finds text in what a terminal shows and has shown. */
export class SearchBox {
  readonly element: HTMLElement;
  readonly #view: TerminalView;
  readonly #input: HTMLInputElement;
  readonly #count = element("output", { class: "count" });
  readonly #case: HTMLButtonElement;
  readonly #regex: HTMLButtonElement;

  constructor(view: TerminalView) {
    this.#view = view;
    this.#input = element("input", {
      type: "search",
      placeholder: "Find",
      "aria-label": "Find in the terminal",
      autocomplete: "off",
      spellcheck: "false",
      input: () => this.#find(true),
      keydown: (event) => this.#key(event as KeyboardEvent),
    });
    this.#case = this.#toggle("Match case", "Aa");
    this.#regex = this.#toggle("Regular expression", ".*");
    this.element = element(
      "div",
      { class: "search", role: "search", hidden: true },
      this.#input,
      this.#count,
      this.#case,
      this.#regex,
      button("Previous match", "↑", () => this.#find(false, true), { hint: "Shift-Enter" }),
      button("Next match", "↓", () => this.#find(false), { hint: "Enter" }),
      button("Close search", "×", () => this.close(), { hint: "Esc" }),
    );
    view.search.onDidChangeResults(({ resultIndex, resultCount }) => {
      const more = resultCount >= 1000 ? "+" : "";
      this.#count.textContent =
        this.#input.value === ""
          ? ""
          : resultCount === 0
            ? "none"
            : `${resultIndex < 0 ? "" : `${resultIndex + 1} of `}${resultCount}${more}`;
    });
  }

  open(): void {
    this.element.hidden = false;
    const selected = this.#view.terminal.getSelection();
    if (selected !== "" && !selected.includes("\n")) this.#input.value = selected;
    this.#input.focus();
    this.#input.select();
    this.#find(true);
  }

  close(): void {
    this.element.hidden = true;
    this.#view.search.clearDecorations();
    this.#view.terminal.focus();
  }

  #toggle(label: string, face: string): HTMLButtonElement {
    const made = button(
      label,
      face,
      () => {
        made.setAttribute("aria-pressed", String(made.getAttribute("aria-pressed") !== "true"));
        this.#find(true);
      },
      { "aria-pressed": "false" },
    );
    return made;
  }

  #find(incremental: boolean, back = false): void {
    const pressed = (one: HTMLButtonElement) => one.getAttribute("aria-pressed") === "true";
    if (this.#input.value === "") this.#count.textContent = "";
    try {
      this.#view.find(this.#input.value, {
        incremental,
        back,
        caseSensitive: pressed(this.#case),
        regex: pressed(this.#regex),
        decorations: findColours[this.#view.appearance],
      });
      this.#input.setCustomValidity("");
    } catch {
      this.#input.setCustomValidity("Not a regular expression");
      this.#count.textContent = "invalid";
    }
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Enter") this.#find(false, event.shiftKey);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }
}
