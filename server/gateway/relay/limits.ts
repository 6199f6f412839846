import type { IncomingMessage, ServerOptions } from "node:http";

/** Times in milliseconds. There is no limit on how long an open WebSocket or event stream may be silent: a dead peer falls to TCP's keep-alive. */
export const defaultLimits = {
  /** From asking for a connection to having one. */
  dialMs: 10_000,
  /** From an Upgrade to its 101, dialling included. */
  handshakeMs: 10_000,
  /** From the end of the request to the head of its answer: long polls and first compilations take minutes. */
  answerMs: 600_000,
  /** From the first byte of an answer's head to its last. */
  headMs: 10_000,
  /** How long a request's body may make no progress. */
  bodyIdleMs: 300_000,
  /** How long a client may go on sending what nobody reads any more, or hold one half of a tunnel open. */
  lingerMs: 10_000,
  /** How long a connection waits for its next request: below the 5 s after which most servers close theirs. */
  idleMs: 4_000,
  /** Only a connection used this recently carries a request that must not be repeated. */
  freshMs: 1_000,
  idlePerKey: 128,
  requestsPerKey: 1_024,
  upgradesPerKey: 2_048,
  /** Of a head, in either direction, and of a body's trailers. */
  headBytes: 65_536,
  headerCount: 256,
  /** 1xx answers before the real one. */
  interims: 32,
};

export type RelayLimits = typeof defaultLimits;

/**
 * How much may wait for a slow reader before its writer is stopped. Node says "full" at 64 KB, which is one read: a stream that follows that stops
 * and starts for each of them, although the kernel has mostly taken it already.
 */
export const pendingBytes = 262_144;

/** TCP asks a silent peer after this long whether it is still there. */
export const keepAliveMs = 30_000;

/**
 * What a `node:http` server in front of the relay must be created with. It should hand `checkContinue` to the relay as it hands `request`, so that
 * it is the target who says 100.
 */
export const relayServerOptions = {
  maxHeaderSize: 32_768,
  headersTimeout: 10_000,
  // A large upload takes as long as it takes; the relay watches that it makes progress.
  requestTimeout: 0,
  connectionsCheckingInterval: 2_000,
  keepAlive: true,
  keepAliveInitialDelay: keepAliveMs,
  noDelay: true,
  insecureHTTPParser: false,
  requireHostHeader: true,
  // Any other protocol (h2c above all) would carry requests past the header policy: such an offer is ignored, as HTTP allows.
  shouldUpgradeCallback: (req: IncomingMessage) => isWebSocketUpgrade(req),
} satisfies ServerOptions;

export function isWebSocketUpgrade(req: IncomingMessage): boolean {
  return req.method === "GET" && req.headers.upgrade?.toLowerCase() === "websocket";
}
