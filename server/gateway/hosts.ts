import type { Config } from "../config/config.ts";

/** Which `Host` headers are meant for us, and the origin that each one is. A page that was rebound to our address has another. */
export type Hosts = (host: string | undefined) => string | undefined;

export function ownHosts({ url }: Pick<Config, "url">, port: number): Hosts {
  const own = new URL(url);
  const origins = new Map([[own.host.toLowerCase(), own.origin]]);
  for (const name of ["localhost", "127.0.0.1", "[::1]"]) {
    const host = port === 80 ? name : `${name}:${port}`;
    if (!origins.has(host)) origins.set(host, `http://${host}`);
  }
  return (host) => (host === undefined ? undefined : origins.get(host.toLowerCase()));
}
