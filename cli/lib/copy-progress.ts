import type { Cli } from "./cli.ts";
import { LiveLine } from "./live-line.ts";
import { showBytes } from "./units.ts";

/** Counts what is copied and, on a terminal, shows how far that is. */
export class CopyProgress implements Disposable {
  readonly #line: LiveLine;
  readonly #started = performance.now();
  #drawn = 0;
  #bytes = 0;

  constructor(cli: Cli) {
    this.#line = new LiveLine(cli);
  }

  async *count(
    source: AsyncIterable<Uint8Array>,
    total?: number,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of source) {
      this.#bytes += chunk.length;
      this.#draw(total);
      yield chunk;
    }
  }

  /** Something that stays on the screen. */
  tell(line: string): void {
    this.#line.keep(line);
  }

  #draw(total: number | undefined): void {
    const now = performance.now();
    if (now - this.#drawn < 100) return;
    this.#drawn = now;
    const rate = (this.#bytes / (now - this.#started)) * 1000;
    const share = total
      ? ` of ${showBytes(total)} (${Math.min(100, Math.floor((this.#bytes / total) * 100))} %)`
      : "";
    this.#line.show(`${showBytes(this.#bytes)}${share}, ${showBytes(rate)}/s`);
  }

  [Symbol.dispose](): void {
    this.#line[Symbol.dispose]();
  }
}
