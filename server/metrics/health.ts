import type { Context } from "../context.ts";
import { messageOf } from "../lib/app-error.ts";
import { version } from "../lib/version.ts";
import type { Health } from "#contract/system.ts";

/** A loop that is this late serves nobody well. */
const lateMs = 1_000;

/** Asks each part that nothing works without. */
export async function checkHealth({ store, log }: Pick<Context, "store" | "log">): Promise<Health> {
  const failing: string[] = [];
  const started = performance.now();
  await new Promise((resolve) => setImmediate(resolve));
  if (performance.now() - started > lateMs) failing.push("event-loop");
  try {
    await store.settings.instanceId();
  } catch (error) {
    log.error({ err: messageOf(error) }, "the store does not answer");
    failing.push("store");
  }
  const about = { service: "ghost", version: version().version } as const;
  return failing.length === 0 ? { status: "healthy", ...about } : { status: "unhealthy", ...about, failing };
}
