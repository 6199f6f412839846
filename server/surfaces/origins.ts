import type { Config } from "../config/config.ts";
import { CaveId, CaveName } from "#contract/ids.ts";
import { NamedSurface, reservedPorts, type Surface } from "#contract/surfaces.ts";

/** What a host name of an app asks for. */
export interface AppHost {
  readonly surface: Surface;
  /** An id; people may write a name, which is led to the id. */
  readonly cave: string;
  readonly origin: string;
}

/**
 * Every surface of every cave is an origin of its own, `<surface>--<cave id>.<apps domain>`. Ids are never used again and names are: what
 * a page has left in browsers (service workers, storage) must not be there for the next cave of its name.
 */
export function originOf(
  { url, appsDomain }: Pick<Config, "url" | "appsDomain">,
  surface: Surface,
  cave: string,
): string {
  const { protocol, port } = new URL(url);
  return `${protocol}//${surface}--${cave}.${appsDomain}${port === "" ? "" : `:${port}`}`;
}

/** Where all apps are, with `*` for the label of each: what wildcard DNS and certificates must cover. */
export function appsPattern({ url, appsDomain }: Pick<Config, "url" | "appsDomain">): string {
  const { protocol, port } = new URL(url);
  return `${protocol}//*.${appsDomain}${port === "" ? "" : `:${port}`}`;
}

/** The app that a `Host` header names, if it is one of this gateway's. */
export function appOfHost(config: Pick<Config, "url" | "appsDomain">, host: string): AppHost | undefined {
  const label = host.slice(0, host.indexOf("."));
  const between = label.indexOf("--");
  if (between < 0) return undefined;
  const surface = surfaceOf(label.slice(0, between));
  const cave = label.slice(between + 2);
  if (surface === undefined || !(CaveId.safeParse(cave).success || CaveName.safeParse(cave).success))
    return undefined;
  const origin = originOf(config, surface, cave);
  // Compared whole: whatever else is in the header makes it another host.
  return origin.slice(origin.indexOf("//") + 2) === host ? { surface, cave, origin } : undefined;
}

export function surfaceOf(text: string): Surface | undefined {
  const named = NamedSurface.safeParse(text);
  if (named.success) return named.data;
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
  return port > 0 && port <= 65_535 && !reservedPorts.includes(port) ? port : undefined;
}
