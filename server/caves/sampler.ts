import type { Context } from "../context.ts";
import { messageOf } from "../lib/app-error.ts";
import type { CaveRecord } from "./cave-record.ts";
import type { Interest } from "./event-bus.ts";
import { readStats } from "./stats.ts";
import type { Stats } from "#contract/cave.ts";

/** So many caves are read at once. */
const atOnce = 8;

/** Reads the figures of those running caves that somebody looks at. */
export class Sampler {
  readonly #ctx: Context;
  #before = new Map<string, Stats>();

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  async sample(signal: AbortSignal): Promise<void> {
    const interests = this.#ctx.fleet.events.interests();
    if (interests.length === 0) {
      this.#before.clear();
      return;
    }
    const running = await this.#ctx.store.caves.all("running");
    const wanted = running.filter((record) => interests.some((interest) => covers(interest, record)));
    const readings = new Map<string, Stats>();
    const queue = wanted.values();
    const worker = async () => {
      for (const record of queue) {
        const stats = await this.#read(record, signal);
        if (stats) readings.set(record.id, stats);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    this.#before = readings;
  }

  async #read(record: CaveRecord, signal: AbortSignal): Promise<Stats | undefined> {
    try {
      const stats = withPercent(
        await readStats(this.#ctx, record, signal),
        this.#before.get(record.id),
        record,
      );
      this.#ctx.fleet.events.publish(record.ownerId, { type: "stats", caveId: record.id, stats });
      return stats;
    } catch (error) {
      this.#ctx.log.debug({ caveId: record.id, reason: messageOf(error) }, "no figures");
      return undefined;
    }
  }
}

function covers(interest: Interest, { id, ownerId }: CaveRecord): boolean {
  if (interest === "all") return true;
  return "owner" in interest ? interest.owner === ownerId : interest.cave === id;
}

function withPercent(stats: Stats, before: Stats | undefined, { limits }: CaveRecord): Stats {
  if (before === undefined) return stats;
  const elapsedMs = Date.parse(stats.at) - Date.parse(before.at);
  const usedMs = stats.cpuMs - before.cpuMs;
  if (elapsedMs <= 0 || usedMs < 0) return stats; // it was restarted
  return { ...stats, cpuPercent: Math.round((usedMs / elapsedMs / limits.cpus) * 1000) / 10 };
}
