/** Tells its listeners, in the order they came. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Returns what takes the listener away again. */
  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }

  clear(): void {
    this.#listeners.clear();
  }
}
