import type { Cave } from "#contract/cave.ts";
import type { FleetEvent } from "#contract/system.ts";

/** Somebody who works there for an hour is one piece of news. */
const quietMs = 10 * 60_000;

/** What happens on the desktop that somebody who does not see it may want to: it started, or its browser is being driven. */
export class DesktopNews {
  readonly #caveId: string;
  readonly #now: () => number;
  #state: string | undefined;
  #driven = -Infinity;

  constructor(cave: Pick<Cave, "id" | "services">, now: () => number = Date.now) {
    this.#caveId = cave.id;
    this.#now = now;
    this.#state = cave.services["desktop"]?.state;
  }

  heed(event: FleetEvent): string | undefined {
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
          ? "The desktop started"
          : undefined;
      }
      case "activity": {
        if (event.caveId !== this.#caveId || event.activity.what !== "browser") return undefined;
        const before = this.#driven;
        this.#driven = this.#now();
        return before < this.#driven - quietMs ? "The browser on the desktop is in use" : undefined;
      }
      case "ports":
      case "stats":
      case "image":
      case "removed":
      case "reset":
        return undefined;
    }
  }
}
