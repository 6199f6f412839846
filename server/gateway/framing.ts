import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { framingOf } from "./relay/request-check.ts";

const unclear = new WeakSet<Socket>();

/**
 * Whether it is certain where this request ends and where it begins. After one that two readers would end in two places nothing more is taken from
 * its connection: what follows has been read already, and would be a request for one of them and a part of the body for the other.
 */
export function isClear(request: IncomingMessage): boolean {
  if (unclear.has(request.socket)) return false;
  try {
    framingOf(request);
    return true;
  } catch {
    unclear.add(request.socket);
    return false;
  }
}
