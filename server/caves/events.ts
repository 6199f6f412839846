import { actsForAll, hasScope, requireScope } from "../auth/actor.ts";
import type { Call } from "../context.ts";
import { viewOf } from "./view.ts";
import type { FleetEvent } from "#contract/system.ts";

/** Everything that changes, and first every cave there is unless the reader can go on where it was. */
export async function* fleetEvents(
  call: Call,
  { lastEventId }: { lastEventId?: string | undefined },
  signal: AbortSignal,
): AsyncGenerator<{ id: string; event: FleetEvent }, void> {
  requireScope(call.actor, "caves:read");
  const { events, live } = call.fleet;
  const all = actsForAll(call.actor);
  const owner = call.actor.user.id;
  // Subscribed before the caves are read: what happens meanwhile is told afterwards.
  using subscription = events.subscribe(all ? "all" : { owner }, { after: lastEventId, figures: true });
  const { id, resumed } = subscription;
  if (!resumed) {
    if (lastEventId !== undefined) yield { id, event: { type: "reset" } };
    for (const record of await call.store.caves.all()) {
      if (all || record.ownerId === owner) yield { id, event: { type: "cave", cave: viewOf(record, live) } };
    }
  }
  // A window's title is what a desktop shows, which not everybody may see who may know of the cave.
  const seesDesktops = hasScope(call.actor, "caves:exec");
  for await (const entry of subscription.entries(AbortSignal.any([signal, call.fleet.tasks.signal])))
    if (entry.event.type !== "windows" || seesDesktops) yield entry;
}
