import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { Exchange, type Outcome } from "./exchange.ts";
import { Lane } from "./lanes.ts";
import { defaultLimits, type RelayLimits } from "./limits.ts";
import type { RelayTarget } from "./target.ts";
import { upgrade } from "./upgrade.ts";

/** Forwards requests and Upgrades to ports in caves, and nothing else: who may ask for what is decided before. */
export interface Relay extends AsyncDisposable {
  /** Settles when the exchange is over; never rejects. The signal ends it early. The server must be made with `relayServerOptions`. */
  request(
    req: IncomingMessage,
    res: ServerResponse,
    target: RelayTarget,
    signal: AbortSignal,
  ): Promise<Outcome>;
  /** The same for a WebSocket; settles when its tunnel is closed. The socket may be paused; `head` is what was read after the request. */
  upgrade(
    req: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    target: RelayTarget,
    signal: AbortSignal,
  ): Promise<Outcome>;
  /** Closes all connections, waiting or at work, whose key begins so. End the prefix with a separator. */
  drop(keyPrefix: string): void;
  readonly counts: { keys: number; idle: number; requests: number; upgrades: number };
}

export function openRelay(options: { log: Logger; limits?: Partial<RelayLimits> }): Relay {
  const limits: RelayLimits = { ...defaultLimits, ...options.limits };
  const lanes = new Map<string, Lane>();
  let closed = false;

  const laneOf = (key: string): Lane => {
    let lane = lanes.get(key);
    if (!lane) {
      lane = new Lane(limits);
      lanes.set(key, lane);
    }
    return lane;
  };
  const sweep = setInterval(
    () => {
      const before = performance.now() - limits.idleMs;
      for (const [key, lane] of lanes) {
        lane.sweep(before);
        if (lane.empty) lanes.delete(key);
      }
    },
    Math.min(1_000, limits.idleMs),
  ).unref();
  const drop = (keyPrefix: string) => {
    for (const [key, lane] of lanes) {
      if (!key.startsWith(keyPrefix)) continue;
      lanes.delete(key);
      lane.drop();
    }
  };
  const logged = (outcome: Outcome, target: RelayTarget): Outcome => {
    if (outcome.failure) options.log.debug({ key: target.key, ...outcome }, "relay failed");
    return outcome;
  };

  return {
    request: (req, res, target, signal) =>
      new Promise((resolve) => {
        const stop = closed ? AbortSignal.abort() : signal;
        new Exchange({ lane: laneOf(target.key), limits, req, res, target, signal: stop }, (outcome) =>
          resolve(logged(outcome, target)),
        ).start();
      }),
    upgrade: async (req, socket, head, target, signal) => {
      const stop = closed ? AbortSignal.abort() : signal;
      return logged(
        await upgrade({ lane: laneOf(target.key), limits, req, socket, head, target, signal: stop }),
        target,
      );
    },
    drop,
    get counts() {
      const sum = { keys: lanes.size, idle: 0, requests: 0, upgrades: 0 };
      for (const lane of lanes.values()) {
        const { idle, requests, upgrades } = lane.counts;
        sum.idle += idle;
        sum.requests += requests;
        sum.upgrades += upgrades;
      }
      return sum;
    },
    [Symbol.asyncDispose]() {
      closed = true;
      clearInterval(sweep);
      drop("");
      return Promise.resolve();
    },
  };
}
