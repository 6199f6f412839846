import { pause } from "../lib/pause.ts";

const secondMs = 1_000;

/** Lets so many pass in a second at once, and has the others wait for the next one. */
export class Pace {
  readonly #perSecond: number;
  #began = -Infinity;
  #passed = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  async next(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    if (now - this.#began >= secondMs) {
      this.#began = now;
      this.#passed = 0;
    }
    this.#passed += 1;
    if (this.#passed > this.#perSecond) {
      await pause(this.#began + secondMs - now, signal);
      this.#began = performance.now();
      this.#passed = 1;
    }
  }
}
