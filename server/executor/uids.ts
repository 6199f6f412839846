import { randomInt } from "node:crypto";

/** As baked into the images' /etc/passwd. */
const first = 20_000;
const count = 512;

/**
 * Each slot has a user of its own: the kernel counts processes, inotify watches, keys and locked memory per user for the whole machine,
 * and one slot could use up another's.
 */
export class Uids {
  readonly #taken = new Set<number>();
  #next = randomInt(count); // two gateways on one engine begin elsewhere

  take(): number {
    for (let tries = 0; tries < count; tries++) {
      const uid = first + (this.#next++ % count);
      if (this.#taken.has(uid)) continue;
      this.#taken.add(uid);
      return uid;
    }
    return first + randomInt(count);
  }

  give(uid: number): void {
    this.#taken.delete(uid);
  }
}
