import { requireScope } from "../auth/actor.ts";
import type { Call } from "../context.ts";
import type { BackendStatus } from "#contract/system.ts";

/** What makes caves here, whether it answers, and what its walls are worth. */
export async function listBackends(call: Call, signal: AbortSignal): Promise<BackendStatus[]> {
  requireScope(call.actor, "caves:read");
  return Promise.all(
    call.backends.all().map(async (backend): Promise<BackendStatus> => {
      const { pause, networks, diskLimit } = backend.can;
      const info = await backend.info(signal);
      return { name: backend.name, ...info, capabilities: { pause, networks: [...networks], diskLimit } };
    }),
  );
}
