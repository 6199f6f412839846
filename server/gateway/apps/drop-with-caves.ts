import type { Context } from "../../context.ts";
import type { Relay } from "../relay/relay.ts";

/** What is open to a cave's apps ends when it stops running or is deleted, whatever its engine makes of the connections. */
export function dropWithCaves({ fleet }: Pick<Context, "fleet">, relay: Pick<Relay, "drop">): Disposable {
  const ending = new AbortController();
  const subscription = fleet.events.subscribe("all");
  const follow = async () => {
    for await (const { event } of subscription.entries(ending.signal)) {
      if (event.type === "removed") relay.drop(`${event.caveId}/`);
      else if (event.type === "cave" && event.cave.state !== "running") relay.drop(`${event.cave.id}/`);
    }
  };
  void follow();
  return {
    [Symbol.dispose]() {
      ending.abort();
      subscription[Symbol.dispose]();
    },
  };
}
