import type { Config } from "../config/config.ts";
import type { Hosts } from "./hosts.ts";

/**
 * An app can set more cookies than a request may carry, and its host is then out of reach for that browser: nothing that the app could serve would
 * delete them. So a request to an app whose headers are too large is told to forget them. That goes for the whole site in browsers, so nothing of
 * it is said where the dashboard may belong to the same, and nobody is signed out.
 */
export function forgetsCookies(
  asked: Asked,
  hosts: Hosts,
  config: Pick<Config, "url" | "appsDomain">,
): boolean {
  return hosts(hostOf(asked, config))?.kind === "app" && !maybeSameSite(config);
}

/** What is left of a request that became none. */
export interface Asked {
  /** What was read last. */
  readonly packet: Buffer | undefined;
  /** Whom the client believes to speak to, where it speaks TLS. */
  readonly servername: string | undefined;
}

function hostOf({ packet, servername }: Asked, { url }: Pick<Config, "url">): string | undefined {
  // TLS comes in records of 16 KB: what was read last is never the beginning.
  if (servername !== undefined) {
    const { port } = new URL(url);
    return port === "" ? servername : `${servername}:${port}`;
  }
  const head = packet?.toString("latin1", 0, 65_536) ?? "";
  // Nothing but the beginning of a request is looked at: what comes later may be anybody's words.
  if (!/^[A-Z]{3,10} \/\S* HTTP\/1\.1\r\n/.test(head)) return undefined;
  const lines = head.slice(0, endOf(head)).split("\r\n");
  const named = lines.filter((line) => /^host:/i.test(line)).map((line) => line.slice(5).trim());
  return named.length === 1 ? named[0] : undefined;
}

function endOf(head: string): number {
  const end = head.indexOf("\r\n\r\n");
  // The last line may be cut off.
  return end >= 0 ? end : head.lastIndexOf("\r\n");
}

/** Two names below one that has at least two labels. Some such names belong to registries (`co.uk`), which only costs a hint. */
function maybeSameSite({ url, appsDomain }: Pick<Config, "url" | "appsDomain">): boolean {
  const last = (name: string) => name.split(".").slice(-2).join(".");
  return appsDomain.includes(".") && last(new URL(url).hostname) === last(appsDomain);
}
