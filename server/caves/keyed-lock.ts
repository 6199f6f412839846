/** One holder for every key at a time, first come first served. */
export class KeyedLock {
  /** The end of each key's queue. */
  readonly #tails = new Map<string, Promise<void>>();

  isHeld(key: string): boolean {
    return this.#tails.has(key);
  }

  /** Undefined when somebody else holds it. */
  tryHold(key: string): Disposable | undefined {
    return this.isHeld(key) ? undefined : this.#enqueue(key).lock;
  }

  /** Waits for its turn; giving up (the signal) lets the next one in. */
  async hold(key: string, signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    const { turn, lock } = this.#enqueue(key);
    try {
      await until(turn, signal);
      return lock;
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  }

  #enqueue(key: string): { turn: Promise<void>; lock: Disposable } {
    const turn = this.#tails.get(key) ?? Promise.resolve();
    const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
    const tail = turn.then(() => released);
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    return { turn, lock: { [Symbol.dispose]: () => release(undefined) } };
  }
}

/** The promise, or the signal's reason when that comes first. The work behind the promise goes on. */
export async function until<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
