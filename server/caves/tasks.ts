import type { Logger } from "pino";
import { AppError, messageOf } from "../lib/app-error.ts";

/** Work that outlives the request that began it. Closing refuses more, tells what runs to end, and waits for it. */
export class Tasks implements AsyncDisposable {
  readonly #log: Logger;
  readonly #running = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Aborted when the gateway ends. What is unfinished then is finished by the next one. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** Work that somebody waits for, and that goes on when they no longer do. */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.signal.aborted) return Promise.reject(this.signal.reason as Error);
    const running = work(this.signal);
    this.#running.add(running);
    const settled = () => void this.#running.delete(running);
    running.then(settled, settled);
    return running;
  }

  /** Work that nobody waits for: a failure is a line in the log. */
  start(name: string, work: (signal: AbortSignal) => Promise<unknown>): void {
    this.run(work).catch((error: unknown) => {
      if (!this.signal.aborted) this.#log.warn({ task: name, reason: messageOf(error) }, "task failed");
    });
  }

  /** Resolves when nothing runs, for tests. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new AppError("shutting_down", "Ghost is shutting down."));
    await this.idle();
  }
}
