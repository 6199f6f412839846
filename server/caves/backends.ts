import { requireScope } from "../auth/actor.ts";
import type { Backend } from "../backends/backend.ts";
import type { Call } from "../context.ts";
import { messageOf } from "../lib/app-error.ts";
import type { BackendStatus, DiskUse } from "#contract/system.ts";

/** What makes caves here, whether it answers, and what its walls are worth. */
export async function listBackends(
  call: Call,
  wanted: { disk: boolean },
  signal: AbortSignal,
): Promise<BackendStatus[]> {
  requireScope(call.actor, "caves:read");
  return Promise.all(
    call.backends.all().map(async (backend): Promise<BackendStatus> => {
      const { pause, networks, diskLimit } = backend.can;
      const info = await backend.info(signal);
      const disk = wanted.disk && info.reachable ? await diskOf(call, backend, signal) : undefined;
      return {
        ...{ name: backend.name, ...info, capabilities: { pause, networks: [...networks], diskLimit } },
        ...(disk && { disk }),
      };
    }),
  );
}

/** An engine that cannot count is no failure of the list. */
async function diskOf({ log }: Call, backend: Backend, signal: AbortSignal): Promise<DiskUse | undefined> {
  try {
    return await backend.diskUse?.(signal);
  } catch (error) {
    signal.throwIfAborted();
    log.info({ backend: backend.name, reason: messageOf(error) }, "the disk was not counted");
    return undefined;
  }
}
