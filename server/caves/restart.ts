import type { Call } from "../context.ts";
import { operate } from "./operate.ts";
import { save } from "./save.ts";
import { finishStart } from "./start.ts";
import type { Cave } from "#contract/cave.ts";

export function restartCave(call: Call, { cave }: { cave: string }, signal: AbortSignal): Promise<Cave> {
  return operate(call, cave, "restart", signal, async ({ id, backend }, lifetime) => {
    // Stopped, and meant to run: whoever finds it half way knows what to do.
    const record = await save(call, id, { state: "stopped", desired: "running", stateReason: undefined });
    await call.backends.get(backend).stop(id, call.config.caves.stopGraceMs, lifetime);
    call.guests.drop(id);
    return finishStart(call, record, lifetime);
  });
}
