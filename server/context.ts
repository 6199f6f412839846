import type { Logger } from "pino";
import type { Actor } from "./auth/actor.ts";
import type { Backends } from "./backends/open-backends.ts";
import type { Fleet } from "./caves/fleet.ts";
import type { Config } from "./config/config.ts";
import type { Guests } from "./guest/guests.ts";
import type { Images } from "./images/images.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { Vault } from "./secrets/vault.ts";
import type { Store } from "./store/store.ts";

/** Everything long-lived. Built in one place, in order, and closed in reverse. */
export interface Context extends AsyncDisposable {
  readonly config: Config;
  readonly log: Logger;
  readonly now: () => Date;
  readonly metrics: Metrics;
  readonly store: Store;
  readonly vault: Vault;
  readonly backends: Backends;
  readonly guests: Guests;
  readonly images: Images;
  /** Events of the fleet, live state that is not stored (ports, services, figures). */
  readonly fleet: Fleet;
}

/** What a verb gets: the context, who asks, and the request's own log. */
export interface Call extends Context {
  readonly actor: Actor;
  readonly requestId: string;
  readonly ip?: string;
}
