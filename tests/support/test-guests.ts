import type { Guest } from "../../server/guest/guest.ts";
import type { Guests } from "../../server/guest/guests.ts";
import { AppError } from "../../server/lib/app-error.ts";

/** Caves whose inside is whatever a test says; all else in them is `surface_unavailable`. */
export class TestGuests implements Guests {
  /** What every cave can do. */
  readonly verbs: Partial<Guest>;

  constructor(verbs: Partial<Guest> = {}) {
    this.verbs = verbs;
  }

  for(): Guest {
    const absent = () => Promise.reject(new AppError("surface_unavailable", "Not in this test."));
    const nothing: Partial<Guest> = {
      ready: () => Promise.resolve(),
      setSecrets: () => Promise.resolve(),
      diskUsage: () => Promise.resolve(0),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    return new Proxy({ ...nothing, ...this.verbs } as Guest, {
      get: (verbs, name) => (Reflect.has(verbs, name) ? (Reflect.get(verbs, name) as unknown) : absent),
    });
  }

  drop(): void {
    // Nothing is open.
  }

  tokenHash(): string {
    return "0".repeat(64);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
