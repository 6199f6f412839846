import { imageOf, type Language } from "./languages.ts";
import type { WarmSlot } from "./warm-slot.ts";

export interface PoolKind {
  readonly language: Language;
  readonly network: boolean;
  readonly runtime: string | undefined;
}

/** The waiting slots of one kind. Slots are interchangeable: whoever has waited longest gets the next. */
export class Pool {
  readonly kind: PoolKind;
  /** As many wait when it is not used. */
  least: number;
  /** As many shall wait now: grows with misses, and shrinks when nobody comes. */
  target: number;
  readonly ready: WarmSlot[] = [];
  readonly waiters: PromiseWithResolvers<WarmSlot>[] = [];
  starting = 0;
  active = 0;
  hits = 0;
  misses = 0;
  lastUse = 0;
  failures = 0;
  /** Nothing is started ahead before then: the last attempt failed. */
  notBefore = 0;

  constructor(kind: PoolKind, least: number) {
    this.kind = kind;
    this.least = least;
    this.target = least;
  }

  static key({ language, network, runtime }: PoolKind): string {
    return [language.name, ...(network ? ["network"] : []), ...(runtime === undefined ? [] : [runtime])].join(
      "+",
    );
  }

  get key(): string {
    return Pool.key(this.kind);
  }

  get image(): string {
    return imageOf(this.kind.language);
  }

  get slotMb(): number {
    return this.kind.language.slotMb;
  }

  /** How many are there or on their way that no caller waits for. */
  get spare(): number {
    return this.ready.length + Math.max(0, this.starting - this.waiters.length);
  }

  /** The oldest that still lives. */
  takeReady(): WarmSlot | undefined {
    for (let slot = this.ready.shift(); slot; slot = this.ready.shift()) if (slot.alive) return slot;
    return undefined;
  }
}
