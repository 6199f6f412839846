import { AppError } from "../../lib/app-error.ts";
import { within } from "./client.ts";
import { resources } from "./container-options.ts";
import type { Engine } from "./engine.ts";
import { engineMessage } from "./errors.ts";
import type { Limits } from "#contract/cave.ts";

export function update(engine: Engine, id: string, limits: Limits, signal: AbortSignal): Promise<void> {
  return engine.containers.with(id, signal, async (container) => {
    try {
      await container.update({ ...resources(limits), ...within(signal) });
    } catch (error) {
      if (!/device or resource busy|unable to set memory limit|memory usage/i.test(engineMessage(error)))
        throw error;
      throw new AppError("invalid_input", "The cave uses more memory now than the new limit allows.", {
        cause: error,
        details: { memoryMb: limits.memoryMb },
      });
    }
  });
}
