import { plain, styleAfter, type Style } from "../../lib/ansi.ts";
import type { Stream } from "./replay.ts";

export interface OutputLine {
  readonly stream: Stream;
  readonly text: string;
  /** As the line before of the same stream left it. */
  readonly style: Style;
}

/** What is kept to be shown; the whole can be downloaded. */
const mostLines = 20_000;
const mostLetters = 4_000_000;
/** A longer line is shown as several. */
const mostPerLine = 2_000;

/** The end of what was written, in lines. A line begins anew where another stream writes. */
export class OutputLog {
  readonly lines: OutputLine[] = [];
  /** Lines that are no longer kept. */
  dropped = 0;
  #letters = 0;
  #open = false;
  readonly #styles = new Map<Stream, Style>();

  write(stream: Stream, text: string): void {
    let from = 0;
    while (from < text.length) {
      const end = text.indexOf("\n", from);
      this.#append(stream, text.slice(from, end < 0 ? undefined : end));
      if (end < 0) break;
      this.#close();
      from = end + 1;
    }
    this.#trim();
  }

  #append(stream: Stream, text: string): void {
    const last = this.#open ? this.lines.at(-1) : undefined;
    const joined = last?.stream === stream;
    if (last && !joined) this.#close();
    let rest = overwritten(joined ? last.text + text : text);
    if (joined) {
      this.#letters -= last.text.length;
      this.lines.pop();
    }
    for (;;) {
      // Of a line that goes on, the style it began with: its own is only known when it ends.
      const style = this.#styles.get(stream) ?? plain;
      const shown = rest.slice(0, mostPerLine);
      this.lines.push({ stream, text: shown, style });
      this.#letters += shown.length;
      this.#open = true;
      rest = rest.slice(mostPerLine);
      if (rest === "") return;
      this.#close();
    }
  }

  #close(): void {
    const last = this.#open ? this.lines.at(-1) : undefined;
    if (last) this.#styles.set(last.stream, styleAfter(last.text, last.style));
    this.#open = false;
  }

  /** A good part at once, so that not every line moves all others. */
  #trim(): void {
    if (this.lines.length <= mostLines && this.#letters <= mostLetters) return;
    let count = 0;
    let letters = this.#letters;
    while (
      count < this.lines.length - 1 &&
      (this.lines.length - count > mostLines * 0.9 || letters > mostLetters * 0.9)
    )
      letters -= this.lines[count++]?.text.length ?? 0;
    this.lines.splice(0, count);
    this.#letters = letters;
    this.dropped += count;
  }
}

/** What a carriage return goes back over is gone, as in a terminal; one at the end may belong to a line's end. */
function overwritten(text: string): string {
  const body = text.endsWith("\r") ? text.length - 1 : text.length;
  const back = text.lastIndexOf("\r", body - 1);
  return back < 0 || body === 0 ? text : text.slice(back + 1);
}
