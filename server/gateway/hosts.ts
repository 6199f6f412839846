import type { Config } from "../config/config.ts";
import { appOfHost, type AppHost } from "../surfaces/origins.ts";

/** What a `Host` header names: the gateway's own host (dashboard and API), or one surface of one cave. */
export type Host = { readonly kind: "own"; readonly origin: string } | ({ readonly kind: "app" } & AppHost);

/** Which `Host` headers are meant for us. A page that was rebound to our address has another. */
export interface Hosts {
  (host: string | undefined): Host | undefined;
  /** Every origin that is the dashboard's, as browsers see it. */
  readonly own: readonly string[];
}

/** The same few hosts come again and again: each is looked at once. Bounded, since a client may make up as many as it likes. */
const most = 5_000;

export function createHosts(config: Pick<Config, "url" | "appsDomain" | "tls">, port: number): Hosts {
  const own = new URL(config.url);
  const origins = new Map([[own.host.toLowerCase(), own.origin]]);
  // On its own machine it can be asked without the proxy that stands before it.
  const scheme = config.tls ? "https" : "http";
  for (const name of ["localhost", "127.0.0.1", "[::1]"]) {
    const { host, origin } = new URL(`${scheme}://${name}:${port}`);
    if (!origins.has(host)) origins.set(host, origin);
  }
  const look = (given: string): Host | undefined => {
    const host = given.toLowerCase();
    const origin = origins.get(host);
    if (origin !== undefined) return { kind: "own", origin };
    const app = appOfHost(config, host);
    return app && { kind: "app", ...app };
  };
  const known = new Map<string, Host>();
  const find = (given: string | undefined): Host | undefined => {
    if (given === undefined) return undefined;
    const before = known.get(given);
    if (before !== undefined) return before;
    const host = look(given);
    if (host === undefined) return undefined;
    if (known.size >= most) known.clear();
    known.set(given, host);
    return host;
  };
  // Pages of another scheme than the apps' are none that a browser would show them in.
  const seen = [...origins.values()].filter((origin) => origin.startsWith(own.protocol));
  return Object.assign(find, { own: seen });
}
