import { once } from "node:events";
import type { Guest } from "../../server/guest/guest.ts";
import type { Guests, RunningCave } from "../../server/guest/guests.ts";
import { AppError } from "../../server/lib/app-error.ts";

/** Caves whose inside is whatever a test says; all else in them is `surface_unavailable`. */
export class TestGuests implements Guests {
  /** What every cave can do. */
  readonly verbs: Partial<Guest>;
  /** One per running cave, as the gateway has them. */
  readonly #open = new Map<string, Guest>();

  constructor(verbs: Partial<Guest> = {}) {
    this.verbs = verbs;
  }

  for({ id }: Pick<RunningCave, "id">): Guest {
    const known = this.#open.get(id) ?? this.#guest();
    this.#open.set(id, known);
    return known;
  }

  #guest(): Guest {
    const absent = () => Promise.reject(new AppError("surface_unavailable", "Not in this test."));
    const nothing: Partial<Guest> = {
      ready: () => Promise.resolve(),
      setEnvironment: () => Promise.resolve(),
      setSecrets: () => Promise.resolve(),
      diskUsage: () => Promise.resolve(0),
      watch: (signal) => Promise.resolve(nothingUntil(signal)),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    return new Proxy({ ...nothing, ...this.verbs } as Guest, {
      get: (verbs, name) => (Reflect.has(verbs, name) ? (Reflect.get(verbs, name) as unknown) : absent),
    });
  }

  drop(id: string): void {
    this.#open.delete(id);
  }

  tokenHash(): string {
    return "0".repeat(64);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

async function* nothingUntil(signal: AbortSignal): AsyncGenerator<never> {
  if (!signal.aborted) await once(signal, "abort");
}
