import type { Connection } from "./connection.ts";
import { HopFailure } from "./failure.ts";
import type { RelayLimits } from "./limits.ts";

/** Something under way on a lane. */
export interface Traveller {
  readonly kind: "request" | "upgrade";
  /** Its place on the lane, which is the lane's to set. */
  slot: number;
  /** Its target is no more. */
  cancel(): void;
}

/** All that belongs to one key: its waiting connections and what is under way. */
export class Lane {
  readonly #limits: RelayLimits;
  readonly #idle: Connection[] = [];
  /**
   * An array, not a Set: the tables that a busy Set leaves behind keep what was in them alive until the next full collection, which makes every
   * small one slow.
   */
  readonly #travellers: Traveller[] = [];
  #upgrades = 0;
  #dropped = false;

  constructor(limits: RelayLimits) {
    this.#limits = limits;
  }

  get counts(): { idle: number; requests: number; upgrades: number } {
    return {
      idle: this.#idle.length,
      requests: this.#travellers.length - this.#upgrades,
      upgrades: this.#upgrades,
    };
  }

  get empty(): boolean {
    return this.#idle.length === 0 && this.#travellers.length === 0;
  }

  enter(traveller: Traveller): void {
    const { requests, upgrades } = this.counts;
    const full =
      traveller.kind === "upgrade"
        ? upgrades >= this.#limits.upgradesPerKey
        : requests >= this.#limits.requestsPerKey;
    if (full) throw new HopFailure("app_busy");
    traveller.slot = this.#travellers.push(traveller) - 1;
    if (traveller.kind === "upgrade") this.#upgrades += 1;
  }

  leave(traveller: Traveller): void {
    if (this.#travellers[traveller.slot] !== traveller) return;
    const last = this.#travellers.pop();
    if (last && last !== traveller) {
      this.#travellers[traveller.slot] = last;
      last.slot = traveller.slot;
    }
    traveller.slot = -1;
    if (traveller.kind === "upgrade") this.#upgrades -= 1;
  }

  /** A waiting connection: the one used last, since it is the least likely to be closed by the target just now. */
  take(newerThan: number): Connection | undefined {
    const connection = this.#idle.at(-1);
    if (!connection || connection.idleSince < newerThan) return undefined;
    this.#idle.pop();
    connection.onIdleClose = undefined;
    return connection;
  }

  give(connection: Connection): void {
    if (this.#dropped || !connection.reusable || this.#idle.length >= this.#limits.idlePerKey) {
      connection.destroy();
      return;
    }
    connection.idleSince = performance.now();
    connection.onIdleClose = () => {
      const at = this.#idle.indexOf(connection);
      if (at !== -1) this.#idle.splice(at, 1);
    };
    this.#idle.push(connection);
  }

  /** Closes what has waited since before then. */
  sweep(before: number): void {
    while (this.#idle[0] && this.#idle[0].idleSince < before) this.#idle.shift()?.destroy();
  }

  drop(): void {
    this.#dropped = true;
    for (const connection of this.#idle.splice(0)) connection.destroy();
    for (const traveller of [...this.#travellers]) traveller.cancel();
  }
}
