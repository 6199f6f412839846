import { availableParallelism } from "node:os";
import type { Logger } from "pino";
import type { AppError } from "../lib/app-error.ts";
import type { CaveRecord } from "./cave-record.ts";
import { EventBus } from "./event-bus.ts";
import { KeyedLock } from "./keyed-lock.ts";
import { LiveStates } from "./live.ts";
import { Slots } from "./slots.ts";
import { Tasks } from "./tasks.ts";
import { viewOf } from "./view.ts";
import type { Cave } from "#contract/cave.ts";

/** A cave on its way from nothing to running. */
export interface Creation {
  readonly done: Promise<Cave>;
  cancel(reason: AppError): void;
}

/** What this process knows and does about caves at the moment. All of it can be found again from the store and the engines. */
export interface Fleet extends AsyncDisposable {
  readonly events: EventBus;
  readonly live: LiveStates;
  /** By cave id: whoever changes a cave's state holds its lock. */
  readonly locks: KeyedLock;
  readonly tasks: Tasks;
  /** Caves that an engine makes and starts at once: with more, all of them are slower than one after the other (moby#42096). */
  readonly starts: Slots;
  /** By cave id. */
  readonly creations: Map<string, Creation>;
  /** Tells everybody who may know what a cave is now. */
  publish(record: CaveRecord): void;
  /** Something was done with the cave by whoever uses it. */
  touch(record: CaveRecord, what: string): void;
}

export interface FleetOptions {
  log: Logger;
  now: () => Date;
}

/** Activity is told at most so often. */
const activityEveryMs = 1_000;

export function openFleet({ log, now }: FleetOptions): Fleet {
  const events = new EventBus(now().getTime().toString(36));
  const live = new LiveStates();
  const tasks = new Tasks(log);
  return {
    events,
    live,
    locks: new KeyedLock(),
    tasks,
    starts: new Slots(Math.max(4, 2 * availableParallelism())),
    creations: new Map(),
    publish: (record) => events.publish(record.ownerId, { type: "cave", cave: viewOf(record, live) }),
    touch: (record, what) => {
      const at = now();
      const before = live.lastTouch(record.id);
      if (!live.touch(record.id, { at, what })) return;
      if (before && before.what === what && at.getTime() - before.at.getTime() < activityEveryMs) return;
      const activity = { at: at.toISOString(), what };
      events.publish(record.ownerId, { type: "activity", caveId: record.id, activity });
    },
    [Symbol.asyncDispose]: () => tasks[Symbol.asyncDispose](),
  };
}
