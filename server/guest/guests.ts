import type { Backend } from "../backends/backend.ts";
import { AppError } from "../lib/app-error.ts";
import type { Redacted } from "../lib/redacted.ts";
import { openBareGuest } from "./bare/bare-guest.ts";
import { openDaemonGuest } from "./daemon/daemon-guest.ts";
import { daemonToken, hashToken } from "./daemon-token.ts";
import type { Guest } from "./guest.ts";
import { daemonProtocol, oldestDaemonProtocol } from "#contract/daemon.ts";

export interface RunningCave {
  id: string;
  backend: Backend;
  /** Protocol of the daemon in its image; absent: it has none. */
  daemon?: number;
}

/** One guest per running cave, opened when it is first asked for. */
export interface Guests extends AsyncDisposable {
  for(cave: RunningCave): Guest;
  /** Closes what is open to a cave that stopped or went. */
  drop(id: string): void;
  /** What a cave's daemon is given when its container is made. */
  tokenHash(id: string): string;
}

export function createGuests(daemonKey: Redacted<Buffer>): Guests {
  const open = new Map<string, { cave: RunningCave; guest: Guest }>();
  const closing = new Set<Promise<void>>();
  const token = (id: string) => daemonToken(daemonKey.reveal(), id);

  const drop = (id: string) => {
    const known = open.get(id);
    if (!known) return;
    open.delete(id);
    const closed = Promise.resolve(known.guest[Symbol.asyncDispose]()).finally(() => closing.delete(closed));
    closing.add(closed);
  };

  return {
    for(cave) {
      const known = open.get(cave.id);
      if (known && known.cave.backend === cave.backend && known.cave.daemon === cave.daemon)
        return known.guest;
      drop(cave.id);
      const guest = openGuest(cave, token(cave.id));
      open.set(cave.id, { cave, guest });
      return guest;
    },
    drop,
    tokenHash: (id) => hashToken(token(id)),
    async [Symbol.asyncDispose]() {
      for (const id of [...open.keys()]) drop(id);
      await Promise.all(closing);
    },
  };
}

function openGuest({ id, backend, daemon }: RunningCave, token: string): Guest {
  if (daemon === undefined) return openBareGuest({ id, backend });
  if (daemon < oldestDaemonProtocol || daemon > daemonProtocol) {
    const message = `The cave's image has a daemon of protocol ${daemon}, and this gateway speaks ${daemonProtocol}: build the image again.`;
    throw new AppError("surface_unavailable", message);
  }
  return openDaemonGuest({ dial: (port, signal) => backend.dial(id, port, signal), token });
}
