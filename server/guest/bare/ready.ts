import { setTimeout as pause } from "node:timers/promises";
import type { Backend } from "../../backends/backend.ts";
import { AppError } from "../../lib/app-error.ts";

const againMs = 50;

/** A foreign image has nothing that would have to get ready: running is enough. */
export async function ready(backend: Backend, id: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const cave = await backend.inspect(id, signal);
    switch (cave?.state) {
      case "running":
        return;
      case "created":
        await pause(againMs, undefined, { signal });
        break;
      case "paused":
        throw new AppError("cave_state", "The cave is paused.");
      case "stopped":
        throw new AppError("cave_exited", `The cave has ended with exit code ${cave.exitCode ?? "unknown"}.`);
      case undefined:
        throw new AppError("cave_not_found", `The engine has no cave ${id}.`);
    }
  }
}
