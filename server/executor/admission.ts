import { AppError } from "../lib/app-error.ts";

interface Waiting {
  readonly go: () => void;
  readonly at: (place: number) => void;
}

/** How many runs go on at once, and who is next: in turns between users, so that nobody's hundred keep another's one waiting. */
export class Admission {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #queues = new Map<string, Waiting[]>();
  #running = 0;
  #waiting = 0;
  /** Of recent runs, for an honest Retry-After. */
  #averageMs = 500;

  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Throws `executor_busy` when `count` more do not fit: asked before anything is begun. */
  check(count = 1): void {
    const free = this.#most - this.#running + this.#mostWaiting - this.#waiting;
    if (count <= free) return;
    const retryAfter = Math.max(
      1,
      Math.ceil(((this.#waiting + count) * this.#averageMs) / this.#most / 1000),
    );
    throw new AppError("executor_busy", `${this.#waiting} runs wait already, which is as many as may.`, {
      details: { retryAfter, position: this.#waiting + 1, queued: this.#waiting, running: this.#running },
    });
  }

  /** Waits for its turn, and tells meanwhile how many turns it is away; the disposer lets the next one go. */
  async enter(
    user: string,
    signal: AbortSignal,
    onPlace: (place: number) => void = () => undefined,
  ): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.#running >= this.#most) await this.#wait(user, signal, onPlace);
    else this.#running++;
    const began = performance.now();
    let left = false;
    return {
      [Symbol.dispose]: () => {
        if (left) return;
        left = true;
        this.#averageMs += (performance.now() - began - this.#averageMs) / 8;
        if (!this.#next()) this.#running--;
      },
    };
  }

  async #wait(user: string, signal: AbortSignal, onPlace: (place: number) => void): Promise<void> {
    const turn = Promise.withResolvers<undefined>();
    const entry: Waiting = { go: () => turn.resolve(undefined), at: onPlace };
    const queue = this.#queues.get(user) ?? [];
    if (queue.length === 0) this.#queues.set(user, queue);
    queue.push(entry);
    this.#waiting++;
    this.#tellPlaces();
    const leave = () => {
      const at = queue.indexOf(entry);
      if (at < 0) return; // its turn has come
      queue.splice(at, 1);
      if (queue.length === 0) this.#queues.delete(user);
      this.#waiting--;
      this.#tellPlaces();
      turn.reject(signal.reason as Error);
    };
    signal.addEventListener("abort", leave, { once: true });
    try {
      await turn.promise;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  /** Hands a place on. The user whose turn it was goes to the end. */
  #next(): boolean {
    for (const [user, queue] of this.#queues) {
      const entry = queue.shift();
      this.#queues.delete(user);
      if (queue.length > 0) this.#queues.set(user, queue);
      if (entry === undefined) continue;
      this.#waiting--;
      entry.go();
      this.#tellPlaces();
      return true;
    }
    return false;
  }

  /** Each user has one turn a round, in the order of the queues. */
  #tellPlaces(): void {
    let place = 0;
    for (let round = 0; place < this.#waiting; round++)
      for (const queue of this.#queues.values()) queue[round]?.at(++place);
  }
}
