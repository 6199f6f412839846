import { endingOf, type Ending } from "./causes.ts";
import { Connection, type Quality, type Sizing } from "./connection.ts";
import type { DesktopMode } from "#contract/desktop.ts";

export type DesktopState =
  | { kind: "opening"; step: "gateway" | "desktop" | "picture" }
  | { kind: "live"; mode: DesktopMode }
  | { kind: "waiting"; cause: string; againInMs: number }
  | { kind: "ended"; cause: string };

export interface DesktopViewOptions {
  /** Where it is drawn; all of it. */
  element: HTMLElement;
  url: (mode: DesktopMode) => string;
  mode: DesktopMode;
  onState: (state: DesktopState) => void;
  /** Something was copied in the cave. */
  onClipboard?: (text: string) => void;
  /** Asks the API why it refused, since the browser does not tell; undefined where it knows nothing. */
  explain?: (signal: AbortSignal) => Promise<Ending | undefined>;
}

const firstWaitMs = 500;
const longestWaitMs = 10_000;

/** A desktop in an element: connects, says how far it is, and connects again. Nothing of it is left after `dispose`. */
export class DesktopView {
  readonly #options: DesktopViewOptions;
  readonly #disposed = new AbortController();
  #mode: DesktopMode;
  #sizing: Sizing = "fit";
  #quality: Quality = { quality: 6, compression: 2 };
  /** What is shown. */
  #shown: Connection | undefined;
  /** What will be, once it has a picture. */
  #next: Connection | undefined;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: DesktopViewOptions) {
    this.#options = options;
    this.#mode = options.mode;
    const { signal } = this.#disposed;
    window.addEventListener("online", () => this.#soon(), { signal });
    document.addEventListener("visibilitychange", () => this.#soon(), { signal });
    this.#open();
  }

  get mode(): DesktopMode {
    return this.#mode;
  }

  /** What is on the screen stays there until the new connection has a picture. */
  set mode(mode: DesktopMode) {
    if (mode === this.#mode) return;
    this.#mode = mode;
    if (mode === "view" && this.#shown) this.#shown.viewOnly = true;
    this.reconnect();
  }

  set sizing(sizing: Sizing) {
    this.#sizing = sizing;
    for (const one of [this.#shown, this.#next]) one?.size(sizing);
  }

  set quality(quality: Quality) {
    this.#quality = quality;
    for (const one of [this.#shown, this.#next]) one?.setQuality(quality);
  }

  reconnect(): void {
    this.#failures = 0;
    this.#open();
  }

  focus(): void {
    this.#shown?.focus();
  }

  ctrlAltDel(): void {
    this.#shown?.ctrlAltDel();
  }

  /** Puts text on the cave's clipboard. */
  paste(text: string): void {
    this.#shown?.paste(text);
  }

  /** As it is now, in its own size. */
  screenshot(): Promise<Blob | undefined> {
    return this.#shown?.screenshot() ?? Promise.resolve(undefined);
  }

  dispose(): void {
    this.#disposed.abort();
    clearTimeout(this.#timer);
    this.#shown?.dispose();
    this.#next?.dispose();
    this.#shown = this.#next = undefined;
  }

  #open(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#next?.dispose();
    const { element, url, onState, onClipboard } = this.#options;
    const mode = this.#mode;
    if (!this.#shown) onState({ kind: "opening", step: "gateway" });
    const connection: Connection = new Connection({
      element,
      url: url(mode),
      mode,
      sizing: this.#sizing,
      quality: this.#quality,
      onStep: (step) => {
        if (!this.#shown) onState({ kind: "opening", step });
      },
      onPicture: () => {
        this.#shown?.dispose();
        this.#shown = connection;
        this.#next = undefined;
        this.#failures = 0;
        onState({ kind: "live", mode });
      },
      onClipboard: (text) => onClipboard?.(text),
      onClose: (event, opened) => void this.#ended(connection, endingOf(event, opened), opened),
    });
    this.#next = connection;
  }

  async #ended(connection: Connection, ending: Ending, opened: boolean): Promise<void> {
    const current = connection === this.#next || (connection === this.#shown && !this.#next);
    connection.dispose();
    if (connection === this.#shown) this.#shown = undefined;
    if (!current) return;
    this.#next = undefined;
    const { signal } = this.#disposed;
    const known = opened ? undefined : await this.#options.explain?.(signal).catch(() => undefined);
    if (signal.aborted || this.#isOpening()) return;
    this.#shown?.dispose();
    this.#shown = undefined;
    const { cause, again } = known ?? ending;
    if (!again) {
      this.#options.onState({ kind: "ended", cause });
      return;
    }
    const againInMs = Math.min(firstWaitMs * 2 ** this.#failures++, longestWaitMs);
    this.#options.onState({ kind: "waiting", cause, againInMs });
    this.#timer = setTimeout(() => this.#open(), againInMs);
  }

  #isOpening(): boolean {
    return this.#next !== undefined;
  }

  /** There is reason to think that it would work now. */
  #soon(): void {
    if (this.#timer !== undefined && !document.hidden) this.#open();
  }
}
