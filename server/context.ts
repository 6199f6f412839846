import type { Logger } from "pino";
import { openAuditLog, type AuditLog } from "./audit/audit-log.ts";
import type { Actor } from "./auth/actor.ts";
import { openBackends, type Backends } from "./backends/open-backends.ts";
import { openFleet, type Fleet } from "./caves/fleet.ts";
import type { Config } from "./config/config.ts";
import { loadKeys } from "./config/keys.ts";
import { openExecutor, type Executor } from "./executor/executor.ts";
import { createGuests, type Guests } from "./guest/guests.ts";
import { openImages, type Images } from "./images/images.ts";
import { createLog } from "./lib/log.ts";
import { createOngoing, type Ongoing } from "./lib/ongoing.ts";
import { createMetrics, type Metrics } from "./metrics/metrics.ts";
import { openVault, type Vault } from "./secrets/vault.ts";
import { openStore } from "./store/open-store.ts";
import type { Store } from "./store/store.ts";
import { createPasses, type Passes } from "./surfaces/passes.ts";

/** Everything long-lived. Built in one place, in order, and closed in reverse. */
export interface Context extends AsyncDisposable {
  readonly config: Config;
  readonly log: Logger;
  readonly now: () => Date;
  readonly metrics: Metrics;
  readonly store: Store;
  readonly vault: Vault;
  readonly audit: AuditLog;
  /** What callers have open, so that it ends when their right to it does. */
  readonly ongoing: Ongoing;
  /** What lets browsers into surfaces. */
  readonly passes: Passes;
  readonly backends: Backends;
  readonly guests: Guests;
  readonly images: Images;
  /** Events of the fleet, live state that is not stored (ports, services, figures). */
  readonly fleet: Fleet;
  /** Runs: code in single-use containers. */
  readonly executor: Executor;
}

/** What a verb gets: the context, who asks, and the request's own log. */
export interface Call extends Context {
  readonly actor: Actor;
  readonly requestId: string;
  readonly ip?: string;
}

/** Stand-ins for parts that a test, or a tool that needs few of them, brings itself. */
export interface Given {
  readonly backends?: Backends;
  readonly guests?: Guests;
  readonly now?: () => Date;
  readonly log?: Logger;
}

/** Opens everything, each part with what it needs. When one cannot be opened, those before it are closed again. */
export async function createContext(config: Config, given: Given = {}): Promise<Context> {
  const { now = () => new Date() } = given;
  await using stack = new AsyncDisposableStack();
  const keys = loadKeys(config);
  const log = given.log ?? createLog(config);
  const metrics = stack.use(createMetrics());
  const store = stack.use(await openStore({ path: config.paths.database }));
  const vault = await openVault({ store, keys, now });
  const audit = stack.use(openAuditLog({ store, keys, now, log }));
  const ongoing = stack.use(createOngoing(now));
  const passes = createPasses(keys.surfaces);
  const backends =
    given.backends ??
    stack.use(
      await openBackends({
        names: config.backends,
        instance: await store.settings.instanceId(),
        docker: config.docker,
        log,
        onCall: (call) => metrics.backendCall(call),
      }),
    );
  const guests = given.guests ?? stack.use(createGuests(keys.daemon));
  const images = openImages({ file: config.paths.images });
  const fleet = stack.use(openFleet({ log, now }));
  const executor = stack.use(await openExecutor({ config, backends, store, metrics, log, now }));
  const owned = stack.move();
  return {
    ...{
      config,
      log,
      now,
      metrics,
      store,
      vault,
      audit,
      ongoing,
      passes,
      backends,
      guests,
      images,
      fleet,
      executor,
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
