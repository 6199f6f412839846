import { button, element } from "./dom.ts";

/** What Xvnc takes at most; more would be dropped without a word. */
const mostBytes = 262_144;

export interface ClipboardOptions {
  /** Puts text on the cave's clipboard. */
  paste: (text: string) => void;
}

/** The cave's clipboard beside the browser's: a panel for every browser, and by itself where the browser lets a page read and write. */
export class Clipboard {
  readonly panel: HTMLElement;
  readonly #text = element("textarea", {
    "aria-label": "The cave's clipboard",
    placeholder: "What is copied in the cave appears here; what is typed here can be sent to it.",
  });
  readonly #note = element("small", { role: "status" });
  readonly #sync = element("input", { type: "checkbox" });
  readonly #paste: (text: string) => void;
  readonly #disposed = new AbortController();
  #last: string | undefined;

  constructor({ paste }: ClipboardOptions) {
    this.#paste = paste;
    const label = element("label", {}, this.#sync, "Keep both clipboards the same");
    label.hidden = !("clipboard" in navigator && "readText" in navigator.clipboard);
    this.panel = element(
      "section",
      { class: "desktop-panel", "aria-label": "Clipboard", hidden: true },
      this.#text,
      element(
        "div",
        { class: "desktop-row" },
        button("Send to the cave", () => this.#send(this.#text.value)),
        button("Copy here", () => void this.#copy()),
      ),
      label,
      this.#note,
    );
    const { signal } = this.#disposed;
    this.#sync.addEventListener("change", () => void this.#read(), { signal });
    // A page may only look at the clipboard while it has the focus: it looks when it gets it.
    window.addEventListener("focus", () => void this.#read(), { signal });
  }

  toggle(): boolean {
    this.panel.hidden = !this.panel.hidden;
    if (!this.panel.hidden) this.#text.focus();
    return !this.panel.hidden;
  }

  /** The cave's clipboard has changed. */
  received(text: string): void {
    this.#last = text;
    this.#text.value = text;
    if (this.#sync.checked) void this.#write(text);
  }

  dispose(): void {
    this.#disposed.abort();
    this.panel.remove();
  }

  #send(text: string): void {
    const size = new TextEncoder().encode(text).length;
    if (size > mostBytes) {
      this.#say(`That is ${Math.ceil(size / 1024)} KB; the cave's clipboard takes ${mostBytes / 1024} KB.`);
      return;
    }
    this.#last = text;
    this.#paste(text);
    this.#say("Sent: paste it in the cave.");
  }

  async #copy(): Promise<void> {
    if (await this.#write(this.#text.value)) this.#say("Copied.");
    else {
      this.#text.select();
      this.#say("The browser does not allow it: press Ctrl+C.");
    }
  }

  async #read(): Promise<void> {
    if (!this.#sync.checked) return;
    try {
      const text = await navigator.clipboard.readText();
      if (text === "" || text === this.#last || this.#disposed.signal.aborted) return;
      this.#text.value = text;
      this.#send(text);
    } catch {
      this.#sync.checked = false;
      this.#say("The browser does not let this page read its clipboard: paste here instead.");
    }
  }

  async #write(text: string): Promise<boolean> {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }

  #say(text: string): void {
    this.#note.textContent = text;
  }
}
