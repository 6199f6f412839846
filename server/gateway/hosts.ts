import type { Config } from "../config/config.ts";
import { appOfHost, type AppHost } from "../surfaces/origins.ts";

/** What a `Host` header names: the gateway's own host (dashboard and API), or one surface of one cave. */
export type Host = { readonly kind: "own"; readonly origin: string } | ({ readonly kind: "app" } & AppHost);

/** Which `Host` headers are meant for us. A page that was rebound to our address has another. */
export interface Hosts {
  (host: string | undefined): Host | undefined;
  /** Every origin that is the dashboard's. */
  readonly own: readonly string[];
}

export function createHosts(config: Pick<Config, "url" | "appsDomain">, port: number): Hosts {
  const own = new URL(config.url);
  const origins = new Map([[own.host.toLowerCase(), own.origin]]);
  if (own.protocol === "http:") {
    for (const name of ["localhost", "127.0.0.1", "[::1]"]) {
      const host = port === 80 ? name : `${name}:${port}`;
      if (!origins.has(host)) origins.set(host, `http://${host}`);
    }
  }
  const find = (given: string | undefined): Host | undefined => {
    if (given === undefined) return undefined;
    const host = given.toLowerCase();
    const origin = origins.get(host);
    if (origin !== undefined) return { kind: "own", origin };
    const app = appOfHost(config, host);
    return app && { kind: "app", ...app };
  };
  return Object.assign(find, { own: [...origins.values()] });
}
