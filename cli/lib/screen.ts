import { writeSync } from "node:fs";
import type { Cli } from "./cli.ts";
import { write } from "./output.ts";
import { clean } from "./style.ts";

/** Every mode that a program may have left behind, back to normal: other screen, mouse, paste, cursor, colours, keypad. */
const normal =
  "\x1b[?1047l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?1l\x1b>\x1b[r\x1b[?7h\x1b[?25h\x1b[0m";
const [pushTitle, popTitle] = ["\x1b[22;0t", "\x1b[23;0t"];
/** Everything that a serialised screen stands for is in it, so what is shown goes first. */
const reset = "\x1b[!p\x1b[?1047l\x1b[0m\x1b[H\x1b[2J";

/** The terminal that the CLI runs in, while a cave's terminal has it. Disposed in every ending, it is as it was before. */
export class Screen implements Disposable {
  readonly #cli: Cli;
  readonly #isTty: boolean;
  readonly #restore = () => this[Symbol.dispose]();
  #notice = false;
  #open = true;

  constructor(cli: Cli, title: string) {
    this.#cli = cli;
    this.#isTty = cli.stdout.isTTY;
    if (cli.stdin.isTTY) cli.stdin.setRawMode?.(true);
    if (this.#isTty) cli.stdout.write(pushTitle);
    this.title(title);
    process.once("exit", this.#restore);
  }

  get size(): { cols: number; rows: number } {
    if (!this.#isTty) return { cols: 80, rows: 24 };
    const { columns, rows } = this.#cli.stdout;
    return { cols: Math.min(1000, Math.max(2, columns)), rows: Math.min(500, Math.max(1, rows)) };
  }

  async show(data: Uint8Array, kind: "output" | "snapshot"): Promise<void> {
    this.hideNotice();
    if (kind === "snapshot" && data.length > 0 && this.#isTty)
      await write(this.#cli.stdout, reset, this.#cli.signal);
    if (data.length > 0) await write(this.#cli.stdout, data, this.#cli.signal);
  }

  title(text: string): void {
    if (this.#isTty) this.#cli.stdout.write(`\x1b]0;${clean(text).slice(0, 200)}\x07`);
  }

  /** A word behind the cursor, where a prompt has nothing; it goes without a trace. */
  notice(text: string): void {
    if (!this.#isTty) return;
    this.hideNotice();
    this.#notice = true;
    this.#cli.stdout.write(`\x1b7\x1b[?7l\x1b[0;2m ${text}\x1b[0m\x1b[?7h\x1b8`);
  }

  hideNotice(): void {
    if (this.#notice) this.#cli.stdout.write("\x1b[K");
    this.#notice = false;
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    process.removeListener("exit", this.#restore);
    this.hideNotice();
    if (this.#cli.stdin.isTTY) this.#cli.stdin.setRawMode?.(false);
    if (!this.#isTty) return;
    try {
      // `\x1b[r` moves the cursor: it is kept across it. At once, because this may be the process' last act.
      writeSync(1, `\x1b7${normal}\x1b8${popTitle}`);
    } catch {
      // the terminal has gone
    }
  }
}
