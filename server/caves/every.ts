import { pause } from "../lib/pause.ts";

/** Does something again and again, the next time only when the last one is done. What it throws goes to `failed`. */
export async function every(
  ms: number,
  signal: AbortSignal,
  work: () => Promise<void>,
  failed: (error: unknown) => void,
): Promise<void> {
  while (await pause(ms, signal)) {
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) failed(error);
    }
  }
}

/** Waiting times between attempts that fail: twice as long each time, up to `maxMs`. */
export class BackOff {
  readonly #firstMs: number;
  readonly #maxMs: number;
  #nextMs: number;

  constructor(firstMs: number, maxMs: number) {
    this.#firstMs = this.#nextMs = firstMs;
    this.#maxMs = maxMs;
  }

  reset(): void {
    this.#nextMs = this.#firstMs;
  }

  wait(signal: AbortSignal): Promise<boolean> {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(ms * 2, this.#maxMs);
    return pause(ms, signal);
  }
}
