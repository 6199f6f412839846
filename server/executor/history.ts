import type { Logger } from "pino";
import { messageOf } from "../lib/app-error.ts";
import type { StoredRun } from "../store/runs.ts";
import type { Store } from "../store/store.ts";

/** Runs that end within so long of each other are one write to the disk. */
const gatherMs = 25;
/** More than this waiting to be written is written at once. */
const most = 64;

/**
 * The runs that have ended, on their way to the store. A run is answered before it is on the disk: it has changed nothing that a crash could
 * lose, and waiting for the disk would take longer than most runs do. Until it is written it is found here.
 */
export class History implements AsyncDisposable {
  readonly #store: Store;
  readonly #log: Logger;
  readonly #waiting = new Map<string, StoredRun>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: Store, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  add(run: StoredRun): void {
    this.#waiting.set(run.record.id, run);
    if (this.#waiting.size >= most) this.#flushNow();
    else this.#timer ??= setTimeout(() => this.#flushNow(), gatherMs);
  }

  async find(ownerId: string, id: string): Promise<StoredRun | undefined> {
    const waiting = this.#waiting.get(id);
    if (waiting) return waiting.record.ownerId === ownerId ? waiting : undefined;
    return this.#store.runs.find(ownerId, id);
  }

  /** Resolves when all that was added before is on the disk. */
  async settled(): Promise<void> {
    this.#flushNow();
    await this.#writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.settled();
  }

  #flushNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#flush());
  }

  async #flush(): Promise<void> {
    const batch = [...this.#waiting.values()];
    if (batch.length === 0) return;
    try {
      await this.#store.transaction(async (tx) => {
        for (const run of batch) await tx.runs.put(run);
      });
    } catch (error) {
      this.#log.error({ runs: batch.length, reason: messageOf(error) }, "runs not kept");
    }
    for (const run of batch)
      if (this.#waiting.get(run.record.id) === run) this.#waiting.delete(run.record.id);
  }
}
