import { creditBytes } from "#contract/frames.ts";

/** More than a client may take without acknowledging it. */
const leastBytes = 16_384;
const firstBytes = 65_536;
/** How long output may queue on its way to the screen, beyond the time that the way itself takes. */
const targetMs = 25;
const markBytes = 2_048;

/**
 * How much output may be under way to a viewer. What is typed is echoed after all that was sent before, so the window is as small as the viewer is
 * slow: it follows the time that acknowledgements take, compared with the shortest there was.
 */
export class SendWindow {
  #size = firstBytes;
  /** When output up to an offset was sent. */
  #marks: { offset: number; at: number }[] = [];
  #shortest = Infinity;
  #acked = 0;
  #sent = 0;
  /** Acknowledgements before this speak of the window as it was. */
  #judgeFrom = 0;

  get size(): number {
    return this.#size;
  }

  /** What comes next begins here. */
  begin(offset: number): void {
    this.#sent = this.#acked = offset;
    this.#marks = [];
    this.#judgeFrom = 0;
  }

  sent(offset: number, at: number): void {
    this.#sent = offset;
    const last = this.#marks.at(-1);
    if (!last || offset - last.offset >= markBytes) this.#marks.push({ offset, at });
  }

  acknowledged(offset: number, at: number): void {
    const taken = offset - this.#acked;
    const used = this.#sent - this.#acked;
    this.#acked = offset;
    const index = this.#marks.findLastIndex((mark) => mark.offset <= offset);
    const mark = this.#marks[index];
    if (!mark) return;
    this.#marks.splice(0, index + 1);
    const took = at - mark.at;
    this.#shortest = Math.min(this.#shortest, took);
    const queued = took - this.#shortest;
    if (queued > targetMs) {
      if (offset < this.#judgeFrom) return;
      this.#size = Math.max(leastBytes, Math.round(this.#size * Math.max(0.5, targetMs / queued)));
      this.#judgeFrom = this.#sent;
    } else if (queued < targetMs / 2 && used >= this.#size / 2) {
      this.#size = Math.min(creditBytes, this.#size + taken);
    }
  }
}
