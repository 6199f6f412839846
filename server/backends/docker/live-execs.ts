/**
 * The execs that run in each cave, as far as this process holds their streams. The engine reports one container's exits in order, and an exit waits
 * until its output is read: one reader that does not read would keep the whole cave from stopping.
 */
export class LiveExecs {
  readonly #release = new Map<string, Set<() => void>>();

  add(cave: string, release: () => void): () => void {
    const all = this.#release.get(cave) ?? new Set();
    this.#release.set(cave, all.add(release));
    return () => {
      all.delete(release);
      if (all.size === 0 && this.#release.get(cave) === all) this.#release.delete(cave);
    };
  }

  /** From now on what their readers do not take at once is dropped. */
  release(cave: string): void {
    for (const release of this.#release.get(cave) ?? []) release();
  }
}
