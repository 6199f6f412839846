import type { IncomingMessage } from "node:http";
import type { Config } from "../config/config.ts";

/** The caller's address. What a header says of it counts only when a proxy that we were told to trust wrote it. */
export function peerOf(request: IncomingMessage, { trustedProxies }: Pick<Config, "trustedProxies">): string {
  let peer = plain(request.socket.remoteAddress ?? "");
  if (!trustedProxies.includes(peer)) return peer;
  const forwarded = [request.headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
  // Each proxy adds the address that it saw at the end.
  for (const address of forwarded.map((part) => plain(part.trim())).reverse()) {
    if (!/^[0-9a-fA-F.:]{2,45}$/.test(address)) break;
    peer = address;
    if (!trustedProxies.includes(address)) break;
  }
  return peer;
}

const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/, "");
