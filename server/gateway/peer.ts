import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { Config } from "../config/config.ts";
import { ipv4Of } from "../config/trusted-proxies.ts";

/** The caller's address. What a header says of it counts only when a proxy that we were told to trust wrote it. */
export function peerOf(request: IncomingMessage, { trustsProxy }: Pick<Config, "trustsProxy">): string {
  let peer = plain(request.socket.remoteAddress ?? "");
  if (!trustsProxy(peer)) return peer;
  const forwarded = [request.headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
  // Each proxy adds the address that it saw at the end.
  for (const address of forwarded.map((part) => plain(part.trim())).reverse()) {
    if (isIP(address) === 0) break;
    peer = address;
    if (!trustsProxy(address)) break;
  }
  return peer;
}

const plain = (address: string) => ipv4Of(address) ?? address;
