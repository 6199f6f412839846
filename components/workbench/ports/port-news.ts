import { chosenPorts } from "../../caves/chosen-ports.ts";
import type { ListeningPort } from "#contract/cave.ts";
import type { FleetEvent } from "#contract/system.ts";

/** A dev server that starts itself again is no news each time. */
const sameMs = 60_000;

/** Which ports are news: those that nothing listened on when they were last heard of. */
export class PortNews {
  readonly #caveId: string;
  readonly #now: () => number;
  /** When each was last known to listen; Infinity while it does. */
  readonly #seen = new Map<number, number>();

  constructor(cave: { id: string; ports: readonly ListeningPort[] }, now: () => number = Date.now) {
    this.#caveId = cave.id;
    this.#now = now;
    this.#take(cave.ports);
  }

  heed(event: FleetEvent): readonly ListeningPort[] {
    // A cave's own event comes when its state changes, or when the gateway has started again and has not heard of the ports yet.
    if (event.type === "cave" && event.cave.id === this.#caveId) this.#take(event.cave.ports);
    if (event.type !== "ports" || event.caveId !== this.#caveId) return [];
    return this.#take(event.ports);
  }

  #take(ports: readonly ListeningPort[]): readonly ListeningPort[] {
    const now = this.#now();
    const fresh = chosenPorts(ports).filter(({ port }) => (this.#seen.get(port) ?? -Infinity) < now - sameMs);
    const listening = new Set(ports.map(({ port }) => port));
    for (const [port, at] of this.#seen) {
      if (at === Infinity && !listening.has(port)) this.#seen.set(port, now);
      else if (at < now - sameMs) this.#seen.delete(port);
    }
    for (const port of listening) this.#seen.set(port, Infinity);
    return fresh;
  }
}
