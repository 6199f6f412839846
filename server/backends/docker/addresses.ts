import type { Background } from "./background.ts";
import type { Containers } from "./containers.ts";
import type { Engine } from "./engine.ts";
import { openEvents, read } from "./events.ts";
import { ndjson } from "./ndjson.ts";

/**
 * Addresses of running caves. One may be remembered only while the engine tells us who stops: the address of a stopped cave can
 * become another's. Without that word, or from the moment it ends, every dial asks anew.
 */
export class Addresses {
  readonly #known = new Map<string, string>();
  readonly #engine: Pick<Engine, "docker" | "instance">;
  readonly #containers: Containers;
  readonly #background: Background;
  readonly #closing: AbortSignal;
  #watch: Promise<boolean> | undefined;
  /** Rises with every stop that is heard of: what was read before it is no longer news. */
  #stops = 0;

  constructor(engine: Pick<Engine, "docker" | "instance" | "containers" | "background" | "closing">) {
    this.#engine = engine;
    this.#containers = engine.containers;
    this.#background = engine.background;
    this.#closing = engine.closing;
  }

  /** Where the cave is, or undefined when it is not running or has no address. */
  async of(id: string, signal: AbortSignal): Promise<string | undefined> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const stops = this.#stops;
    const watching = await (this.#watch ??= this.#begin());
    const info = await this.#containers.inspect(id, signal);
    const address = info?.State.Running
      ? Object.values(info.NetworkSettings.Networks)[0]?.IPAddress
      : undefined;
    if (address === undefined || address === "") return undefined;
    if (watching && stops === this.#stops) this.#known.set(id, address);
    return address;
  }

  forget(id: string): void {
    this.#stops++;
    this.#known.delete(id);
  }

  /** Resolves when the stream is open, so that an inspection made after it cannot miss a stop. */
  async #begin(): Promise<boolean> {
    try {
      const stream = await openEvents(this.#engine, undefined, this.#closing);
      this.#background.add(this.#follow(ndjson(stream)).finally(() => this.#end()));
      return true;
    } catch {
      this.#end();
      return false;
    }
  }

  async #follow(events: AsyncGenerator): Promise<void> {
    for await (const event of events) {
      const seen = read(event as Parameters<typeof read>[0]);
      if (seen?.change === "stopped" || seen?.change === "removed") this.forget(seen.id);
      if (seen?.change === "removed") this.#containers.forget(seen.id);
    }
  }

  #end(): void {
    this.#watch = undefined;
    this.#stops++;
    this.#known.clear();
  }
}
