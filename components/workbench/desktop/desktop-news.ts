import { listed, windowName } from "./window-names.ts";
import type { Cave, DesktopWindow } from "#contract/cave.ts";
import type { FleetEvent } from "#contract/system.ts";

/** A program that is started again and again is no news each time. */
const sameMs = 60_000;
/** A window that opens so soon after another is the same news: whoever goes and looks sees both. */
const togetherMs = 5_000;

export interface News {
  readonly title: string;
  readonly detail?: string;
}

/** What happens on the desktop that somebody who does not see it may want to: it started, or a window opened. */
export class DesktopNews {
  readonly #caveId: string;
  readonly #now: () => number;
  #state: string | undefined;
  #opened = -Infinity;
  /** When each name that was told was last that of a new window. */
  readonly #names = new Map<string, number>();

  constructor(cave: Pick<Cave, "id" | "services">, now: () => number = Date.now) {
    this.#caveId = cave.id;
    this.#now = now;
    this.#state = cave.services["desktop"]?.state;
  }

  heed(event: FleetEvent): News | undefined {
    switch (event.type) {
      case "cave":
        if (event.cave.id !== this.#caveId) return undefined;
        this.#state = event.cave.services["desktop"]?.state;
        return undefined;
      case "services": {
        if (event.caveId !== this.#caveId) return undefined;
        const before = this.#state;
        this.#state = event.services["desktop"]?.state;
        return before !== undefined && before !== "ready" && this.#state === "ready"
          ? { title: "The desktop started" }
          : undefined;
      }
      case "windows":
        return event.caveId === this.#caveId ? this.#windows(event.opened) : undefined;
      case "activity":
      case "ports":
      case "starting":
      case "stats":
      case "image":
      case "removed":
      case "reset":
        return undefined;
    }
  }

  #windows(opened: readonly DesktopWindow[]): News | undefined {
    const now = this.#now();
    for (const [name, at] of this.#names) if (at < now - sameMs) this.#names.delete(name);
    const names = new Set<string>();
    for (const name of opened.map(windowName)) {
      if (this.#names.has(name)) this.#names.set(name, now);
      else names.add(name);
    }
    if (names.size === 0 || this.#opened >= now - togetherMs) return undefined;
    this.#opened = now;
    for (const name of names) this.#names.set(name, now);
    const [first = "", ...others] = names;
    if (others.length === 0) return { title: `New window: ${first}` };
    return { title: `${names.size} new windows`, detail: listed(names) };
  }
}
