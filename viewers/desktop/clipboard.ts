import { button, element } from "./dom.ts";

/** What Xvnc takes at most; more would be dropped without a word. */
const mostBytes = 262_144;

/** Whoever has said that the clipboards are to differ is not asked again. */
const apartKey = "ghost:clipboards-apart";

export interface ClipboardOptions {
  /** Puts text on the cave's clipboard. */
  paste: (text: string) => void;
  /** Whether the cave would take it now. */
  mayPaste: () => boolean;
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
  readonly #mayPaste: () => boolean;
  readonly #disposed = new AbortController();
  #last: string | undefined;

  constructor({ paste, mayPaste }: ClipboardOptions) {
    this.#paste = paste;
    this.#mayPaste = mayPaste;
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
    this.#sync.addEventListener(
      "change",
      () => {
        localStorage.setItem(apartKey, this.#sync.checked ? "" : "yes");
        void this.look();
      },
      { signal },
    );
    // A page may only look at the clipboard while it has the focus: it looks when it gets it.
    window.addEventListener("focus", () => void this.look(), { signal });
    void this.#begin();
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

  /** Hands on what the browser's clipboard has now, if they are kept the same. */
  async look(): Promise<void> {
    if (!this.#sync.checked || !this.#mayPaste() || !document.hasFocus()) return;
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

  /** By itself where the person has let this page read the clipboard before, and has not said otherwise since. */
  async #begin(): Promise<void> {
    if (localStorage.getItem(apartKey) === "yes") return;
    try {
      const { state } = await navigator.permissions.query({ name: "clipboard-read" as PermissionName });
      if (state !== "granted" || this.#disposed.signal.aborted) return;
      this.#sync.checked = true;
      await this.look();
    } catch {
      // A browser that has no such permission asks each time: nothing of that happens unasked.
    }
  }

  async #copy(): Promise<void> {
    if (await this.#write(this.#text.value)) this.#say("Copied.");
    else {
      this.#text.select();
      this.#say("The browser does not allow it: press Ctrl+C.");
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
