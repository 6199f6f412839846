import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon, type ISearchOptions } from "@xterm/addon-search";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import { Emitter } from "../lib/emitter.ts";
import { observeSize } from "../lib/observe-size.ts";
import { clipboardRequests, type Ask } from "./clipboard.ts";
import { Renderer } from "./renderer.ts";
import type { Look } from "./session-state.ts";
import { TerminalSession, type TerminalScreen } from "./session.ts";
import { themes, type Appearance } from "./themes.ts";

export interface ViewSettings {
  fontSize: number;
  appearance: Appearance;
  screenReader: boolean;
}

export interface ViewOptions {
  readonly url: (since: number | undefined) => string;
  readonly look: (signal: AbortSignal) => Promise<Look>;
  readonly ask: Ask;
  readonly settings: ViewSettings;
  /** Where a link leads to from here: `http://localhost:3000` in a cave is another address outside. */
  readonly resolveLink?: (url: string) => string;
  /** True for a link that has been followed already, inside the page. */
  readonly onLink?: (url: string) => boolean;
  /** True for a key that is not for the terminal. */
  readonly onKey?: (event: KeyboardEvent) => boolean;
}

const fontFamily =
  'ui-monospace, "JetBrains Mono", "Cascadia Mono", Menlo, "DejaVu Sans Mono", Consolas, monospace';
const resizeMs = 60;
const smallest = 4;
const encoder = new TextEncoder();

/** A terminal on a page: xterm.js in an element, and the session that feeds it. */
export class TerminalView implements Disposable {
  readonly session: TerminalSession;
  readonly terminal: Terminal;
  readonly search = new SearchAddon();
  /** Somebody typed who has no control. */
  readonly refusedInput = new Emitter<undefined>();
  readonly #element: HTMLElement;
  readonly #fit = new FitAddon();
  readonly #renderer: Renderer;
  readonly #stack = new DisposableStack();
  #settings: ViewSettings;
  #shown = false;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unobserve = () => undefined as unknown;
  /** The next character that is typed is meant with Ctrl. */
  #control = false;
  readonly controlUsed = new Emitter<undefined>();
  /** How text was last compared when it was searched. */
  #comparing: string | undefined;

  constructor(host: HTMLElement, options: ViewOptions) {
    this.#element = host;
    this.#settings = options.settings;
    const open = (url: string) => {
      if (options.onLink?.(url) === true) return;
      const link = openable(options.resolveLink?.(url) ?? url);
      if (link !== undefined) this.#window.open(link, "_blank", "noopener,noreferrer");
    };
    // The text of a link says what the program wants it to say: the tip says where it leads.
    const tip = (text: string) => (host.title = text);
    this.terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      fontFamily,
      fontSize: options.settings.fontSize,
      lineHeight: 1.15,
      linkHandler: {
        activate: (_, url) => open(url),
        hover: (_, url) => tip(url),
        leave: () => tip(""),
      },
      macOptionIsMeta: true,
      minimumContrastRatio: 4.5,
      scrollback: 10_000,
      screenReaderMode: options.settings.screenReader,
      theme: themes[options.settings.appearance],
    });
    const { terminal } = this;
    this.#stack.defer(() => terminal.dispose());
    for (const addon of [
      this.#fit,
      this.search,
      new Unicode11Addon(),
      new WebLinksAddon((_, url) => open(url)),
    ])
      terminal.loadAddon(addon);
    terminal.unicode.activeVersion = "11"; // as the daemon's screen has it
    this.open();
    this.#renderer = this.#stack.use(new Renderer(terminal));

    this.session = this.#stack.use(
      new TerminalSession({
        screen: screenOf(terminal, () => this.#layOut()),
        url: options.url,
        look: options.look,
        size: () => this.#room(),
      }),
    );
    this.#stack.defer(this.session.changed.on(() => this.#layOut()));
    this.#stack.defer(
      clipboardRequests(terminal, options.ask, {
        clipboard: () => this.#window.navigator.clipboard,
        answer: (text) => this.#send(encoder.encode(text)),
      }),
    );
    terminal.onData((text) => this.#type(text));
    terminal.onBinary((text) => this.#send(Uint8Array.from(text, (character) => character.charCodeAt(0))));
    terminal.attachCustomKeyEventHandler((event) => this.#key(event, options.onKey));

    this.#stack.defer(() => {
      clearTimeout(this.#timer);
      cancelAnimationFrame(this.#frame);
      this.#unobserve();
    });
  }

  /** In the window that its element is in by now: there it measures and listens. */
  open(): void {
    this.terminal.open(this.#element);
    this.#unobserve();
    this.#unobserve = observeSize(this.#element, () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#resized(), resizeMs);
    });
  }

  /** The one it is shown in, which may be another than the page's: that one has the focus, and with it the clipboard. */
  get #window(): Window {
    return this.#element.ownerDocument.defaultView ?? window;
  }

  get renderer(): "webgl" | "dom" {
    return this.#renderer.kind;
  }

  get appearance(): Appearance {
    return this.#settings.appearance;
  }

  /** Whether it is the one that is looked at. */
  show(shown: boolean): void {
    this.#shown = shown;
    void this.#renderer.accelerate(shown && !this.#settings.screenReader);
    if (shown) this.#resized();
  }

  configure(settings: ViewSettings): void {
    this.#settings = settings;
    const { options } = this.terminal;
    options.theme = themes[settings.appearance];
    options.screenReaderMode = settings.screenReader;
    void this.#renderer.accelerate(this.#shown && !settings.screenReader);
    if (options.fontSize !== settings.fontSize) options.fontSize = settings.fontSize;
    this.#resized();
  }

  find(text: string, options: ISearchOptions & { back?: boolean }): void {
    // The add-on counts anew for another text, not for another way to compare it.
    const comparing = `${options.caseSensitive === true} ${options.regex === true}`;
    if (text === "" || comparing !== this.#comparing) this.search.clearDecorations();
    this.#comparing = comparing;
    if (text === "") return;
    if (options.back === true) this.search.findPrevious(text, options);
    else if (!this.search.findNext(text, options)) {
      // From what was found last there was none: from the beginning.
      this.terminal.clearSelection();
      this.search.findNext(text, { ...options, incremental: false });
    }
  }

  async copy(): Promise<void> {
    if (this.terminal.hasSelection()) {
      await this.#window.navigator.clipboard.writeText(this.terminal.getSelection());
    }
  }

  async paste(): Promise<void> {
    this.terminal.paste(await this.#window.navigator.clipboard.readText());
  }

  /** As if this had been typed, for keys that a keyboard on glass does not have. */
  press(text: string): void {
    this.terminal.input(text, true);
    this.terminal.focus();
  }

  /** Ctrl for the next character. */
  holdControl(hold: boolean): void {
    this.#control = hold;
    this.terminal.focus();
  }

  [Symbol.dispose](): void {
    this.#stack.dispose();
    this.refusedInput.clear();
    this.controlUsed.clear();
  }

  #key(event: KeyboardEvent, foreign: ViewOptions["onKey"]): boolean {
    if (event.type !== "keydown") return true;
    if (foreign?.(event) === true) {
      event.preventDefault();
      return false;
    }
    if (event.key === "Enter" && event.shiftKey && !event.ctrlKey && !event.altKey) {
      // As programs expect it that tell a line break in the text from the end of the input.
      this.#type("\x1b\r");
      event.preventDefault();
      return false;
    }
    if (event.ctrlKey && event.shiftKey && event.code === "KeyC") {
      event.preventDefault();
      void this.copy().catch(() => undefined);
      return false;
    }
    // Ctrl-Shift-V and Cmd-V: the browser pastes into xterm's own field, which needs no permission.
    if (event.ctrlKey && event.shiftKey && event.code === "KeyV") return false;
    const { phase, control } = this.session.state;
    if (phase.kind === "attached" && !control && event.key.length === 1) this.refusedInput.emit(undefined);
    return true;
  }

  #type(text: string): void {
    let typed = text;
    if (this.#control && text.length === 1) {
      typed = String.fromCharCode(text.toUpperCase().charCodeAt(0) & 0x1f);
      this.#control = false;
      this.controlUsed.emit(undefined);
    }
    this.#send(encoder.encode(typed));
  }

  #send(data: Uint8Array): void {
    this.session.type(data);
  }

  /** Rows and columns for which there is room; undefined while it is not shown. */
  #room(): { cols: number; rows: number } | undefined {
    const room = this.#proposed();
    if (!room) return undefined;
    const scale = this.#fontSize / this.#settings.fontSize;
    const within = (value: number, least: number, most: number) => Math.min(Math.max(least, value), most);
    return {
      cols: within(Math.floor(room.cols * scale), 2, 1000),
      rows: within(Math.floor(room.rows * scale), 1, 500),
    };
  }

  /** In letters as large as they are now. */
  #proposed(): { cols: number; rows: number } | undefined {
    const room = this.#fit.proposeDimensions();
    return room && Number.isFinite(room.cols) && this.#element.offsetParent !== null ? room : undefined;
  }

  get #fontSize(): number {
    return this.terminal.options.fontSize ?? this.#settings.fontSize;
  }

  #resized(): void {
    this.#layOut();
    this.session.resized();
  }

  /** A terminal whose size somebody else sets is shown in smaller letters where there is no room for it. */
  #layOut(): void {
    const { phase, control, cols, rows } = this.session.state;
    const room = this.#proposed();
    if (!room || phase.kind !== "attached") return;
    const scale = control ? Infinity : Math.min((room.cols + 0.9) / cols, (room.rows + 0.9) / rows);
    const fitting = Math.floor(this.#fontSize * scale * 2) / 2;
    const wanted = Math.min(this.#settings.fontSize, Math.max(smallest, fitting));
    if (wanted === this.#fontSize) return;
    this.terminal.options.fontSize = wanted;
    cancelAnimationFrame(this.#frame);
    // Letters are measured in whole pixels: the first guess may be a little off.
    this.#frame = requestAnimationFrame(() => this.#resized());
  }
}

/** Both are parsed in order with the output, so that nothing is wrapped for another width. */
function screenOf(terminal: Terminal, resized: () => void): TerminalScreen {
  return {
    write: (data, done) => terminal.write(data, done),
    replace(data, done) {
      terminal.write("\x1bc");
      terminal.write(data, done);
    },
    resize(cols, rows) {
      terminal.write("", () => {
        if (terminal.cols !== cols || terminal.rows !== rows) terminal.resize(cols, rows);
        resized();
      });
    },
  };
}

function openable(url: string): string | undefined {
  try {
    const { protocol, href } = new URL(url);
    return protocol === "http:" || protocol === "https:" ? href : undefined;
  } catch {
    return undefined;
  }
}
