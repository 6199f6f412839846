import { setTimeout as pause } from "node:timers/promises";
import type Docker from "dockerode";
import { isAppError } from "../../lib/app-error.ts";
import { within } from "./client.ts";
import type { Engine } from "./engine.ts";
import { statusOf } from "./errors.ts";
import { removeHelpers } from "./own-volume.ts";
import { listVolumes, removeVolume } from "./volumes.ts";

export async function remove(
  engine: Engine,
  id: string,
  options: { keepWorkspace: boolean },
  signal: AbortSignal,
): Promise<void> {
  engine.addresses.forget(id);
  engine.live.release(id);
  const [volumes] = await Promise.all([
    options.keepWorkspace ? [] : listVolumes(engine, signal, id),
    removeHelpers(engine, { cave: id }, signal),
    removeContainer(engine, id, signal),
  ]);
  engine.containers.forget(id);
  await Promise.all(volumes.map(({ name }) => removeVolume(engine, name, signal)));
}

async function removeContainer(engine: Engine, id: string, signal: AbortSignal): Promise<void> {
  try {
    await engine.containers.with(id, signal, (container) => removeOne(container, signal));
  } catch (error) {
    if (!isAppError(error, "cave_not_found")) throw error;
  }
}

async function removeOne(container: Docker.Container, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await container.remove({ force: true, v: true, ...within(signal) });
      return;
    } catch (error) {
      if (statusOf(error) === 404) return;
      // Somebody else is removing it: done when it is gone.
      if (statusOf(error) !== 409 || attempt === 100) throw error;
      await pause(Math.min(attempt * 10, 200), undefined, { signal });
    }
  }
}
