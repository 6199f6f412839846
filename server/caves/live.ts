import type { Activity, ListeningPort, ServiceState, Starting } from "#contract/cave.ts";

/** What is known of a cave only while it runs. */
export interface Live {
  ports: ListeningPort[];
  services: Record<string, ServiceState>;
  /** Services that could not even be started; the cave itself may not know them. */
  refused: Record<string, ServiceState>;
  /** False when its image has none. */
  shell?: false;
}

export interface Touch {
  at: Date;
  what: Activity["what"];
}

/** Ports, services and the last activity of every cave, as far as this process has seen them. */
export class LiveStates {
  readonly #caves = new Map<string, Live>();
  readonly #touches = new Map<string, Touch>();
  readonly #unsaved = new Set<string>();
  readonly #starting = new Map<string, Starting>();

  of(id: string): Live | undefined {
    return this.#caves.get(id);
  }

  /** For changing. */
  open(id: string): Live {
    let live = this.#caves.get(id);
    if (live === undefined) this.#caves.set(id, (live = { ports: [], services: {}, refused: {} }));
    return live;
  }

  services(id: string): Record<string, ServiceState> {
    const live = this.#caves.get(id);
    return live ? { ...live.services, ...live.refused } : {};
  }

  /** How far it is while it is being made or started. */
  starting(id: string): Starting | undefined {
    return this.#starting.get(id);
  }

  setStarting(id: string, starting: Starting | undefined): void {
    if (starting === undefined) this.#starting.delete(id);
    else this.#starting.set(id, starting);
  }

  /** Whether it is news: a cave's clock is never turned back. */
  touch(id: string, touch: Touch): boolean {
    const before = this.#touches.get(id);
    if (before && before.at >= touch.at) return false;
    this.#touches.set(id, touch);
    this.#unsaved.add(id);
    return true;
  }

  lastTouch(id: string): Touch | undefined {
    return this.#touches.get(id);
  }

  /** Activity that the store has not been told of; each is handed out once. */
  takeUnsaved(): [id: string, touch: Touch][] {
    const taken = [...this.#unsaved].flatMap((id) => {
      const touch = this.#touches.get(id);
      return touch ? [[id, touch] as [string, Touch]] : [];
    });
    this.#unsaved.clear();
    return taken;
  }

  /** It no longer runs. */
  end(id: string): void {
    this.#caves.delete(id);
  }

  /** It is gone. */
  forget(id: string): void {
    this.end(id);
    this.#touches.delete(id);
    this.#unsaved.delete(id);
  }
}
