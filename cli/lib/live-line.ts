import type { Cli } from "./cli.ts";
import { clean } from "./style.ts";

/** On a terminal one line that changes, beside the lines that stay; elsewhere the lines that stay alone. On stderr: the result owns stdout. */
export class LiveLine implements Disposable {
  readonly #cli: Cli;
  #text = "";

  constructor(cli: Cli) {
    this.#cli = cli;
  }

  get isLive(): boolean {
    return this.#cli.stderr.isTTY;
  }

  show(text: string): void {
    if (!this.isLive || text === this.#text) return;
    this.#text = text;
    const shown = Array.from(clean(text))
      .slice(0, Math.max(10, this.#cli.stderr.columns - 1))
      .join("");
    this.#cli.stderr.write(`\r\x1b[K${this.#cli.errorStyle.dim(shown)}`);
  }

  keep(line: string): void {
    this.clear();
    this.#cli.stderr.write(`${line}\n`);
  }

  clear(): void {
    if (this.#text !== "") this.#cli.stderr.write("\r\x1b[K");
    this.#text = "";
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}
