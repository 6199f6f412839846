import { once } from "node:events";
import type { FleetEvent } from "#contract/system.ts";

/** Events that can be had again after a lost connection. */
const kept = 2_000;
/** Events that wait for one slow reader before it is told to list again. */
const queued = 1_000;

export interface Entry {
  /** Says which gateway process numbered it, so that an id of another one is not taken for one of ours. */
  id: string;
  event: FleetEvent;
}

interface Kept extends Entry {
  seq: number;
  owner: string | undefined;
}

/** Whose events: a user's caves, one cave, or all. */
export type Interest = { owner: string } | { cave: string } | "all";

/** Who follows the fleet, and what it saw lately. Publishing never waits: a reader that falls behind gets `reset`. */
export class EventBus {
  readonly #epoch: string;
  #seq = 0;
  /** Oldest first. Figures are not kept: they are stale when they could be had again. */
  readonly #ring: Kept[] = [];
  readonly #subscribers = new Set<Subscriber>();

  constructor(epoch: string) {
    this.#epoch = epoch;
  }

  /** `owner` is the id of whose cave it is about; undefined for what concerns everybody. */
  publish(owner: string | undefined, event: FleetEvent): void {
    const entry: Kept = { seq: ++this.#seq, id: this.#idOf(this.#seq), owner, event };
    if (event.type !== "stats") {
      this.#ring.push(entry);
      if (this.#ring.length > kept) this.#ring.shift();
    }
    for (const subscriber of this.#subscribers) subscriber.offer(entry);
  }

  /**
   * From now on, or from after the event with the id `after` where that is still known (`resumed` says so). Figures cost a reading of every
   * cave, so they are taken only while somebody asks for them.
   */
  subscribe(
    interest: Interest,
    options: { after?: string | undefined; figures?: boolean } = {},
  ): Subscription {
    const missed = options.after === undefined ? undefined : this.#since(options.after);
    const subscriber = new Subscriber(interest, options.figures ?? false);
    for (const entry of missed ?? []) subscriber.offer(entry);
    this.#subscribers.add(subscriber);
    return {
      resumed: missed !== undefined,
      id: this.#idOf(this.#seq),
      entries: (signal) => subscriber.entries(signal),
      [Symbol.dispose]: () => void this.#subscribers.delete(subscriber),
    };
  }

  /** Whose figures somebody wants to see at the moment. */
  interests(): Interest[] {
    return [...this.#subscribers]
      .filter((subscriber) => subscriber.figures)
      .map((subscriber) => subscriber.interest);
  }

  #idOf(seq: number): string {
    return `${this.#epoch}-${seq}`;
  }

  /** Undefined when some of it is gone, or the id is not one of ours. */
  #since(id: string): Kept[] | undefined {
    const [, epoch, digits] = /^([a-z0-9]+)-(\d{1,15})$/.exec(id) ?? [];
    const seq = Number(digits);
    if (epoch !== this.#epoch || seq > this.#seq) return undefined;
    const oldest = this.#ring[0];
    const whole = this.#ring.length < kept || (oldest !== undefined && oldest.seq <= seq + 1);
    return whole ? this.#ring.filter((entry) => entry.seq > seq) : undefined;
  }
}

export interface Subscription extends Disposable {
  readonly resumed: boolean;
  /** Of the last event before this subscription. */
  readonly id: string;
  entries(signal: AbortSignal): AsyncIterable<Entry>;
}

class Subscriber {
  readonly interest: Interest;
  readonly figures: boolean;
  readonly #wake = new EventTarget();
  #queue: Entry[] = [];

  constructor(interest: Interest, figures: boolean) {
    this.interest = interest;
    this.figures = figures;
  }

  offer(entry: Kept): void {
    if (!concerns(this.interest, entry) || (entry.event.type === "stats" && !this.figures)) return;
    this.#queue.push(entry);
    if (this.#queue.length > queued) this.#queue = [{ id: entry.id, event: { type: "reset" } }];
    this.#wake.dispatchEvent(new Event("entry"));
  }

  async *entries(signal: AbortSignal): AsyncIterable<Entry> {
    for (;;) {
      const entry = this.#queue.shift();
      if (entry !== undefined) {
        yield entry;
      } else {
        if (signal.aborted) return;
        await once(this.#wake, "entry", { signal }).catch(() => undefined);
      }
    }
  }
}

function concerns(interest: Interest, { owner, event }: Kept): boolean {
  if (interest === "all" || owner === undefined) return true;
  if ("owner" in interest) return interest.owner === owner;
  return "cave" in event
    ? event.cave.id === interest.cave
    : "caveId" in event && event.caveId === interest.cave;
}
