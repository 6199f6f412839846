import { until } from "./keyed-lock.ts";

/** So many at a time, first come first served. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Waits for its turn; giving up (the signal) gives the turn to the next one. */
  async take(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    const slot = { [Symbol.dispose]: () => this.#release() };
    if (this.#free > 0) {
      this.#free -= 1;
      return slot;
    }
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const turn = () => resolve(undefined);
    this.#waiting.push(turn);
    try {
      await until(promise, signal);
      return slot;
    } catch (error) {
      const at = this.#waiting.indexOf(turn);
      if (at === -1) this.#release();
      else this.#waiting.splice(at, 1);
      throw error;
    }
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}
