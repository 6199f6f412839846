import { createInterface } from "node:readline/promises";
import { reasonOf, Failure } from "./failure.ts";

/** What the scripts tell a person: lines that stay, and on a terminal one line that changes. */
export class Terminal {
  readonly #out: NodeJS.WriteStream;
  readonly #colour: boolean;
  #live = "";

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
    this.#colour = out.isTTY && process.env["NO_COLOR"] === undefined;
  }

  get isLive(): boolean {
    return this.#out.isTTY;
  }

  /** A line that stays. */
  line(text = ""): void {
    this.#clear();
    this.#out.write(`${text}\n`);
    this.#draw();
  }

  /** A step that is done, or a fact. */
  done(text: string): void {
    this.line(`${this.#paint("32", "✓")} ${text}`);
  }

  /** Something to notice. */
  warn(text: string): void {
    this.line(`${this.#paint("33", "!")} ${text}`);
  }

  /** The line that changes; nothing where the output is not a terminal. An empty text takes it away. */
  live(text: string): void {
    if (!this.#out.isTTY) return;
    this.#clear();
    this.#live = text;
    this.#draw();
  }

  bold(text: string): string {
    return this.#paint("1", text);
  }

  dim(text: string): string {
    return this.#paint("2", text);
  }

  failure(error: unknown): void {
    this.live("");
    this.line(`${this.#paint("31", "✗")} ${reasonOf(error)}`);
    if (error instanceof Failure) this.line(error.hint.replaceAll(/^/gm, "  "));
    else if (error instanceof Error && error.stack) this.line(this.dim(error.stack));
  }

  /** Yes or no; no where nobody can answer. */
  async confirm(question: string, signal: AbortSignal): Promise<boolean> {
    if (!process.stdin.isTTY || !this.#out.isTTY) return false;
    const prompt = createInterface({ input: process.stdin, output: this.#out });
    try {
      return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `, { signal })).trim());
    } finally {
      prompt.close();
    }
  }

  #paint(code: string, text: string): string {
    return this.#colour ? `\x1b[${code}m${text}\x1b[0m` : text;
  }

  #clear(): void {
    if (this.#live) this.#out.write("\r\x1b[K");
  }

  #draw(): void {
    if (this.#live) this.#out.write(this.#live.slice(0, (this.#out.columns || 80) - 1));
  }
}

/** `4s`, `2m 05s` */
export function elapsed(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, "0")}s`;
}
