/** What Xvnc takes at most; more would be dropped without a word. */
const mostBytes = 262_144;

/** Whoever has said that the clipboards are to differ is not asked again. */
const apartKey = "ghost:clipboards-apart";

/** What of a window is needed. */
export type ClipboardWindow = Pick<Window, "addEventListener" | "document" | "localStorage" | "navigator">;

export interface ClipboardState {
  /** What is on the cave's clipboard, as far as it is known. */
  readonly text: string;
  /** Whether both are kept the same. */
  readonly kept: boolean;
  /** What became of the last thing that was asked for. */
  readonly note: string;
}

export interface ClipboardSyncOptions {
  /** The one that the desktop is seen in. */
  window: ClipboardWindow;
  /** Puts text on the cave's clipboard. */
  paste: (text: string) => void;
  /** Whether somebody works on the desktop now: nothing goes either way by itself for who only watches, or works elsewhere. */
  works: () => boolean;
  onChange: (state: ClipboardState) => void;
}

/** The cave's clipboard and the browser's: by hand in every browser, and by itself where the browser lets a page read and write. */
export class ClipboardSync {
  readonly #options: ClipboardSyncOptions;
  readonly #disposed = new AbortController();
  #state: ClipboardState = { text: "", kept: false, note: "" };
  /** What the cave's is known to hold, and what the browser's held when it was last looked at: only what changed since is news. */
  #theirs: string | undefined;
  #ours: string | undefined;

  constructor(options: ClipboardSyncOptions) {
    this.#options = options;
    const { signal } = this.#disposed;
    // A page may only look at the clipboard while it has the focus: it looks when it gets it.
    options.window.addEventListener("focus", () => void this.look(), { signal });
    void this.#begin();
  }

  /** Whether the browser lets pages read its clipboard at all. */
  get able(): boolean {
    const { navigator } = this.#options.window;
    return "clipboard" in navigator && "readText" in navigator.clipboard;
  }

  keep(kept: boolean): void {
    this.#options.window.localStorage.setItem(apartKey, kept ? "" : "yes");
    this.#set({ kept });
    void this.look();
  }

  /** The cave's clipboard has changed. */
  received(text: string): void {
    this.#theirs = text;
    this.#set({ text });
    if (this.#state.kept && this.#options.works()) void this.#write(text);
  }

  /** Hands on what has changed, if they are kept the same. */
  async look(): Promise<void> {
    const { window, works } = this.#options;
    if (!this.#state.kept || !works() || !window.document.hasFocus()) return;
    try {
      const text = await window.navigator.clipboard.readText();
      if (this.#disposed.signal.aborted || !works()) return;
      if (text !== "" && text !== this.#ours) {
        this.#ours = text;
        if (text !== this.#theirs) this.send(text);
      } else if (this.#theirs !== undefined && this.#theirs !== text) await this.#write(this.#theirs);
    } catch {
      const note = "The browser does not let this page read its clipboard: paste here instead.";
      this.#set({ kept: false, note });
    }
  }

  send(text: string): void {
    const size = new TextEncoder().encode(text).length;
    if (size > mostBytes) {
      const note = `That is ${Math.ceil(size / 1024)} KB; the cave's clipboard takes ${mostBytes / 1024} KB.`;
      this.#set({ note });
      return;
    }
    this.#theirs = text;
    this.#options.paste(text);
    this.#set({ text, note: "Sent: paste it in the cave." });
  }

  /** False where the browser does not allow it. */
  async copy(text: string): Promise<boolean> {
    const copied = await this.#write(text);
    this.#set({ note: copied ? "Copied." : "The browser does not allow it: press Ctrl+C." });
    return copied;
  }

  dispose(): void {
    this.#disposed.abort();
  }

  /** By itself where the person has let this page read the clipboard before, and has not said otherwise since. */
  async #begin(): Promise<void> {
    const { localStorage, navigator } = this.#options.window;
    if (localStorage.getItem(apartKey) === "yes") return;
    try {
      const { state } = await navigator.permissions.query({ name: "clipboard-read" as PermissionName });
      if (state !== "granted" || this.#disposed.signal.aborted) return;
      this.#set({ kept: true });
      await this.look();
    } catch {
      // A browser that has no such permission asks each time: nothing of that happens unasked.
    }
  }

  async #write(text: string): Promise<boolean> {
    try {
      await this.#options.window.navigator.clipboard.writeText(text);
      this.#ours = text;
      return true;
    } catch {
      return false;
    }
  }

  #set(part: Partial<ClipboardState>): void {
    if (this.#disposed.signal.aborted) return;
    this.#state = { ...this.#state, ...part };
    this.#options.onChange(this.#state);
  }
}
