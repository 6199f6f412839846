import { AppError } from "../../lib/app-error.ts";
import type { BackendEvent } from "../backend.ts";
import type { MemoryWorld } from "./world.ts";

/** From the moment of the call, until the signal or the engine ends it. */
export function changes(
  world: MemoryWorld,
  instance: string,
  signal: AbortSignal,
): AsyncIterable<BackendEvent> {
  const waiting: BackendEvent[] = [];
  let wake: (() => void) | undefined;
  const listen = (owner: string, event: BackendEvent) => {
    if (owner !== instance) return;
    waiting.push(event);
    wake?.();
  };
  const stir = () => wake?.();
  const stop = () => {
    world.events.off("change", listen).off("away", stir);
    wake?.();
  };
  world.events.on("change", listen).on("away", stir);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  return {
    async *[Symbol.asyncIterator]() {
      try {
        while (!signal.aborted) {
          if (!world.reachable) throw new AppError("backend_unavailable", "The memory engine went away.");
          const next = waiting.shift();
          if (next) yield next;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        stop();
      }
    },
  };
}
