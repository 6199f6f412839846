import type { Call } from "../context.ts";
import type { CaveRecord } from "./cave-record.ts";
import { until } from "./keyed-lock.ts";
import { mustMove, type Verb } from "./lifecycle.ts";
import { ownedCave } from "./owned.ts";
import { caveNotFound } from "./save.ts";
import { viewOf } from "./view.ts";
import type { Cave } from "#contract/cave.ts";

/**
 * One move of a cave, while nobody else moves it. A caller who goes away before its turn calls it off; once begun it is carried through,
 * because its intent is in the store.
 */
export async function operate(
  call: Call,
  ref: string,
  verb: Verb,
  signal: AbortSignal,
  work: (record: CaveRecord, signal: AbortSignal) => Promise<CaveRecord>,
): Promise<Cave> {
  const { fleet, store } = call;
  const found = await ownedCave(call, ref, "caves:write");
  mustMove(found, verb); // a cave that is being made would keep its caller waiting for minutes
  const done = fleet.tasks.run(async (lifetime) => {
    using _lock = await fleet.locks.hold(found.id, AbortSignal.any([signal, lifetime]));
    const record = await store.caves.find(found.id);
    if (record === undefined) throw caveNotFound(ref);
    if (!mustMove(record, verb)) return record;
    return await work(record, lifetime);
  });
  return viewOf(await until(done, signal), fleet.live);
}
