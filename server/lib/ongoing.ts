import type { Actor } from "../auth/actor.ts";
import { AppError } from "./app-error.ts";

/** Something that goes on for a while on somebody's behalf: a request, a stream, a socket. */
export interface OngoingThing {
  /** Of the request that it began with. */
  readonly requestId: string;
  readonly actor: Actor;
  end(reason: AppError): void;
}

/** Everything that is under way, so that it ends when the right to it does. */
export interface Ongoing extends Disposable {
  /** Until it is disposed of. */
  add(thing: OngoingThing): Disposable;
  /** Ends what the matching callers have open, but for the request that asks for it. */
  end(which: (actor: Actor) => boolean, reason: AppError, by?: { readonly requestId: string }): void;
  readonly size: number;
}

const sweepMs = 2_000;

/** Revocation ends things at once; a credential that runs out, within seconds. */
export function createOngoing(now: () => Date): Ongoing {
  // An array, not a Set: the tables that a busy Set leaves behind keep what was in them alive until the next full collection.
  const places: Place[] = [];
  const end: Ongoing["end"] = (which, reason, by) => {
    for (const { thing } of [...places]) {
      if (which(thing.actor) && thing.requestId !== by?.requestId) thing.end(reason);
    }
  };
  const sweep = setInterval(() => {
    const at = now();
    end(
      ({ expiresAt }) => expiresAt !== undefined && expiresAt <= at,
      new AppError("unauthenticated", "The token or session has expired."),
    );
  }, sweepMs).unref();
  return {
    add(thing) {
      return new Place(places, thing);
    },
    end,
    get size() {
      return places.length;
    },
    [Symbol.dispose]: () => clearInterval(sweep),
  };
}

/** Where a thing stands among those that are under way; the last one takes the place of one that ends. */
class Place implements Disposable {
  readonly thing: OngoingThing;
  readonly #all: Place[];
  #at: number;

  constructor(all: Place[], thing: OngoingThing) {
    this.thing = thing;
    this.#all = all;
    this.#at = all.push(this) - 1;
  }

  [Symbol.dispose](): void {
    if (this.#all[this.#at] !== this) return;
    const last = this.#all.pop();
    if (last === undefined || last === this) return;
    this.#all[this.#at] = last;
    last.#at = this.#at;
  }
}
