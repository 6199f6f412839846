import type { IncomingMessage } from "node:http";
import type { Actor } from "../auth/actor.ts";
import type { Context } from "../context.ts";
import type { AppError } from "../lib/app-error.ts";
import { nobody } from "./caller.ts";
import { peerOf } from "./peer.ts";
import { newRequestId } from "./request-id.ts";

/** One request or upgrade on its way: what its log line and the audit log will say. */
export interface Exchange {
  readonly id: string;
  readonly ip: string;
  /** Aborts when the caller goes away or loses the right to go on. */
  readonly abort: AbortController;
  /** Of the host that was asked for. */
  origin: string;
  route: string;
  actor: Actor;
  /** Of its path, for the audit log. */
  params: Record<string, string>;
  /** What it made, where the path could not name it. */
  made?: string;
  error?: AppError;
  /** Its place among what is under way. */
  open?: Disposable;
  /** The hop that failed on the way to an app. */
  failure?: string;
}

export function newExchange(request: IncomingMessage, { config }: Pick<Context, "config">): Exchange {
  return {
    id: newRequestId(),
    ip: peerOf(request, config),
    abort: new AbortController(),
    origin: "",
    route: "-",
    actor: nobody,
    params: {},
  };
}
