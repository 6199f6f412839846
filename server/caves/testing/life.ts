import type { Repositories, Store } from "../../store/store.ts";

/** A gateway's life, which ends at a step: from then on nothing it does has an effect, and nothing it waits for comes back. As `kill -9` does. */
export class Life {
  #steps = 0;
  readonly #endsAt: number;
  readonly ended: Promise<unknown>;
  readonly #end: () => void;

  constructor(endsAt = Infinity) {
    this.#endsAt = endsAt;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.ended = promise;
    this.#end = () => resolve(undefined);
  }

  get steps(): number {
    return this.#steps;
  }

  step(): Promise<void> {
    this.#steps++;
    if (this.#steps < this.#endsAt) return Promise.resolve();
    this.#end();
    return new Promise(() => undefined);
  }

  /** Every write, and every transaction, has a step before it and one after it. */
  mortal(store: Store): Store {
    const written = async <T>(work: () => Promise<T>): Promise<T> => {
      await this.step();
      const result = await work();
      await this.step();
      return result;
    };
    return {
      ...store,
      caves: {
        ...store.caves,
        update: (id, changes) => written(() => store.caves.update(id, changes)),
        insertRemoved: (removed) => written(() => store.caves.insertRemoved(removed)),
      },
      transaction: <T>(work: (tx: Repositories) => Promise<T>) => written(() => store.transaction(work)),
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    };
  }
}
