import { ClipboardSync, type ClipboardState, type ClipboardSyncOptions } from "./clipboard-sync.ts";
import { button, element } from "./dom.ts";

/** The cave's clipboard beside the browser's, on the desktop's own page. */
export class Clipboard {
  readonly panel: HTMLElement;
  readonly #text = element("textarea", {
    "aria-label": "The cave's clipboard",
    placeholder: "What is copied in the cave appears here; what is typed here can be sent to it.",
  });
  readonly #note = element("small", { role: "status" });
  readonly #kept = element("input", { type: "checkbox" });
  readonly #sync: ClipboardSync;
  #shown = "";

  constructor(options: Pick<ClipboardSyncOptions, "paste" | "works">) {
    this.#sync = new ClipboardSync({ ...options, window, onChange: (state) => this.#show(state) });
    const label = element("label", {}, this.#kept, "Keep both clipboards the same");
    label.hidden = !this.#sync.able;
    this.#kept.addEventListener("change", () => this.#sync.keep(this.#kept.checked));
    this.panel = element(
      "section",
      { class: "desktop-panel", "aria-label": "Clipboard", hidden: true },
      this.#text,
      element(
        "div",
        { class: "desktop-row" },
        button("Send to the cave", () => this.#sync.send(this.#text.value)),
        button("Copy here", () => void this.#copy()),
      ),
      label,
      this.#note,
    );
  }

  toggle(): boolean {
    this.panel.hidden = !this.panel.hidden;
    if (!this.panel.hidden) this.#text.focus();
    return !this.panel.hidden;
  }

  /** The cave's clipboard has changed. */
  received(text: string): void {
    this.#sync.received(text);
  }

  look(): void {
    void this.#sync.look();
  }

  dispose(): void {
    this.#sync.dispose();
    this.panel.remove();
  }

  async #copy(): Promise<void> {
    if (!(await this.#sync.copy(this.#text.value))) this.#text.select();
  }

  /** What somebody types meanwhile is theirs until the clipboard changes. */
  #show({ text, kept, note }: ClipboardState): void {
    if (text !== this.#shown) this.#text.value = this.#shown = text;
    this.#kept.checked = kept;
    this.#note.textContent = note;
  }
}
