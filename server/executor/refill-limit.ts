/** How many slots are started ahead at once: one more while that goes well, one less as soon as starts take longer. */
export class RefillLimit {
  readonly #most: number;
  #limit = 1;
  #best = Number.POSITIVE_INFINITY;
  #good = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get limit(): number {
    return this.#limit;
  }

  started(ms: number): void {
    // The best is forgotten slowly: a machine may get slower for good.
    this.#best = Math.min(this.#best * 1.01, ms);
    if (ms > this.#best * 2.5) {
      this.#limit = Math.max(1, this.#limit - 1);
      this.#good = 0;
    } else if (++this.#good >= 4) {
      this.#limit = Math.min(this.#most, this.#limit + 1);
      this.#good = 0;
    }
  }
}
