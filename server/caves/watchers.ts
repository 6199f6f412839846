import type { Context } from "../context.ts";
import type { GuestEvent } from "../guest/guest.ts";
import { isAppError, messageOf } from "../lib/app-error.ts";
import type { CaveRecord } from "./cave-record.ts";
import { BackOff } from "./every.ts";
import { guestOf } from "./guest-of.ts";
import { Pace } from "./pace.ts";

/** Many more than a daemon tells of. What a program in the cave puts in its place waits, and with it what it says. */
const eventsPerSecond = 50;

/** One open watch for every running cave: ports, services, windows and activity as they change inside. */
export async function watchCaves(ctx: Context, signal: AbortSignal): Promise<void> {
  const watched = new Map<string, AbortController>();
  const watches = new Set<Promise<void>>();
  using subscription = ctx.fleet.events.subscribe("all");

  const follow = (record: CaveRecord) => {
    if (signal.aborted || watched.has(record.id)) return;
    const ending = new AbortController();
    watched.set(record.id, ending);
    const watch = watchCave(ctx, record, AbortSignal.any([signal, ending.signal]));
    watches.add(watch);
    void watch.then(() => watches.delete(watch));
  };
  const leave = (id: string) => {
    watched.get(id)?.abort();
    watched.delete(id);
  };
  const all = async () => {
    const running = await ctx.store.caves.all("running");
    const ids = new Set(running.map((record) => record.id));
    for (const id of watched.keys()) if (!ids.has(id)) leave(id);
    running.forEach(follow);
  };

  await all();
  for await (const { event } of subscription.entries(signal)) {
    if (event.type === "removed") leave(event.caveId);
    else if (event.type === "reset") await all();
    else if (event.type === "cave" && event.cave.state !== "running") leave(event.cave.id);
    else if (event.type === "cave" && !watched.has(event.cave.id)) {
      const record = await ctx.store.caves.find(event.cave.id);
      if (record?.state === "running") follow(record);
    }
  }
  await Promise.all(watches);
}

/** Never throws. */
async function watchCave(ctx: Context, record: CaveRecord, signal: AbortSignal): Promise<void> {
  const backOff = new BackOff(200, 10_000);
  const pace = new Pace(eventsPerSecond);
  do {
    try {
      for await (const event of await guestOf(ctx, record).watch(signal)) {
        backOff.reset();
        await pace.next(signal);
        if (signal.aborted) return;
        apply(ctx, record, event);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isAppError(error, "surface_unavailable")) {
        if (record.daemon === undefined)
          ctx.fleet.tasks.start("note a shell", () => noteNoShell(ctx, record.id));
        return;
      }
      ctx.log.debug({ caveId: record.id, reason: messageOf(error) }, "watch ended");
    }
  } while (await backOff.wait(signal));
}

/** A foreign image is watched by its own shell, if it has one. */
async function noteNoShell(ctx: Context, id: string): Promise<void> {
  const record = await ctx.store.caves.find(id);
  if (record?.state !== "running") return;
  ctx.fleet.live.open(id).shell = false;
  ctx.fleet.publish(record);
}

function apply(ctx: Context, { id: caveId, ownerId, ...rest }: CaveRecord, event: GuestEvent): void {
  const { events, live } = ctx.fleet;
  switch (event.kind) {
    case "ports":
      live.open(caveId).ports = event.ports;
      events.publish(ownerId, { type: "ports", caveId, ports: event.ports });
      return;
    case "services":
      live.open(caveId).services = event.services;
      events.publish(ownerId, { type: "services", caveId, services: live.services(caveId) });
      return;
    case "windows":
      events.publish(ownerId, { type: "windows", caveId, opened: event.opened });
      return;
    case "activity":
      // The gateway's own clock: a cave's could keep it alive for ever, or stop it at once.
      ctx.fleet.touch({ id: caveId, ownerId, ...rest }, event.activity.what);
  }
}
