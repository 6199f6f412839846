import { isAppError } from "../../lib/app-error.ts";
import { within } from "./client.ts";
import type { Engine } from "./engine.ts";
import { statusOf } from "./errors.ts";

export async function stop(engine: Engine, id: string, graceMs: number, signal: AbortSignal): Promise<void> {
  engine.live.release(id);
  try {
    await engine.containers.with(id, signal, (container) =>
      container.stop({ t: Math.ceil(graceMs / 1000), ...within(signal) }),
    );
  } catch (error) {
    if (statusOf(error) !== 304 && statusOf(error) !== 404 && !isAppError(error, "cave_not_found"))
      throw error;
  } finally {
    engine.addresses.forget(id);
  }
}
