/** One value at a time from several writers to one reader: whoever writes waits until it is taken. */
export class Channel<T> {
  readonly #waiting: { value: T; taken: () => void }[] = [];
  #wake: (() => void) | undefined;
  #closed = false;
  #error: Error | undefined;

  put(value: T): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((taken) => {
      this.#waiting.push({ value, taken });
      this.#wake?.();
    });
  }

  /** What was put before is still read; then the end, or the error. */
  close(error?: Error): void {
    this.#closed = true;
    this.#error = error;
    this.#wake?.();
  }

  /** The reader has left: nobody waits for it any more. */
  leave(): void {
    this.close();
    for (const { taken } of this.#waiting.splice(0)) taken();
  }

  async take(): Promise<IteratorResult<T, undefined>> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next) {
        next.taken();
        return { done: false, value: next.value };
      }
      if (this.#closed) {
        const error = this.#error;
        this.#error = undefined;
        if (error) throw error;
        return { done: true, value: undefined };
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
