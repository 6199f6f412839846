import type { Terminal } from "@xterm/headless";

/** Private modes that programs set and the serialise addon leaves out: encodings of the mouse, and whether the cursor is hidden. */
const tracked = new Set([25, 1005, 1006, 1015, 1016]);

/** What belongs to a screen's state beyond what @xterm/addon-serialize writes. */
export class UnserializedModes {
  readonly #terminal: Terminal;
  readonly #set = new Map<number, boolean>();
  #cursorStyle = 0;
  readonly #margins = new Map<string, [top: number, bottom: number]>();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    const { parser } = terminal;
    const change = (on: boolean) => (params: (number | number[])[]) => {
      for (const mode of params) if (typeof mode === "number" && tracked.has(mode)) this.#set.set(mode, on);
      return false; // xterm does the rest
    };
    parser.registerCsiHandler({ prefix: "?", final: "h" }, change(true));
    parser.registerCsiHandler({ prefix: "?", final: "l" }, change(false));
    parser.registerCsiHandler({ intermediates: " ", final: "q" }, ([style]) => {
      this.#cursorStyle = typeof style === "number" ? style : 0;
      return false;
    });
    parser.registerCsiHandler({ final: "r" }, ([top, bottom]) => {
      const rows = this.#terminal.rows;
      const from = typeof top === "number" && top > 0 ? top : 1;
      const to = typeof bottom === "number" && bottom > 0 ? Math.min(bottom, rows) : rows;
      if (from === 1 && to === rows) this.#margins.delete(this.#buffer);
      else if (from < to) this.#margins.set(this.#buffer, [from, to]);
      return false;
    });
    parser.registerCsiHandler({ intermediates: "!", final: "p" }, () => this.#reset());
    parser.registerEscHandler({ final: "c" }, () => this.#reset());
    terminal.onResize(() => this.#margins.clear());
  }

  serialize(): string {
    const modes = [...this.#set]
      .filter(([mode, on]) => on !== (mode === 25))
      .map(([mode, on]) => `\x1b[?${mode}${on ? "h" : "l"}`);
    const margins = this.#margins.get(this.#buffer);
    if (margins) modes.push(`\x1b7\x1b[${margins.join(";")}r\x1b8`); // setting them moves the cursor
    if (this.#cursorStyle > 0) modes.push(`\x1b[${this.#cursorStyle} q`);
    return modes.join("");
  }

  get #buffer(): string {
    return this.#terminal.buffer.active.type;
  }

  #reset(): false {
    this.#set.clear();
    this.#margins.clear();
    this.#cursorStyle = 0;
    return false;
  }
}
