import { setTimeout as pause } from "node:timers/promises";
import type Docker from "dockerode";
import { AppError } from "../../lib/app-error.ts";
import { within } from "./client.ts";
import type { Placement } from "./container-options.ts";
import type { Engine } from "./engine.ts";
import { engineMessage, statusOf } from "./errors.ts";

/** A program that cannot even begin ends within 25 ms of the engine's answer (measured). */
const settleMs = 60;
const attempts = 5;

export async function start(engine: Engine, id: string, signal: AbortSignal): Promise<void> {
  await engine.containers.with(id, signal, async (container, { imageId, bridged }) => {
    if (bridged) await engine.network.guard();
    if (engine.staying.has(imageId)) return begin(engine, container, signal);
    // Seen once to stay, an image's program is trusted to: later caves are not kept waiting for it.
    const watch = new AbortController();
    const ended = container.wait({ condition: "next-exit", abortSignal: watch.signal }) as Promise<{
      StatusCode: number;
    }>;
    ended.catch(() => undefined);
    try {
      await begin(engine, container, signal);
      await Promise.race([ended, pause(settleMs, undefined, { signal })]);
      const { State } = await container.inspect({ abortSignal: signal });
      if (!State.Running)
        throw new AppError(
          "cave_exited",
          `The image's program ended at once, with exit code ${State.ExitCode}.`,
        );
      engine.staying.add(imageId);
    } finally {
      watch.abort();
    }
  });
}

async function begin(engine: Engine, container: Docker.Container, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await container.start({ abortSignal: signal });
      return;
    } catch (error) {
      const said = engineMessage(error);
      if (statusOf(error) === 304) return;
      if (/oci runtime|executable file not found|exec format error|no such file or directory/i.test(said)) {
        throw new AppError("cave_exited", "The image's program could not be started.", { cause: error });
      }
      const lost = /no such network|network .* not found/i.test(said);
      if (attempt === attempts || !(lost || /address already in use/i.test(said))) throw error;
      if (lost) engine.network.forget();
      await move(engine, container, await engine.network.place(signal), signal);
    }
  }
}

/**
 * An address is only taken while its cave runs, so a stopped cave can find its own in use. It gets another one, as it does when
 * the network itself had to be made anew.
 */
async function move(
  engine: Engine,
  container: Docker.Container,
  place: Placement,
  signal: AbortSignal,
): Promise<void> {
  const network = engine.docker.getNetwork(place.network);
  await network
    .disconnect({ Container: container.id, Force: true, ...within(signal) })
    .catch((error: unknown) => {
      if (!/is not connected/i.test(engineMessage(error))) throw error;
    });
  await network.connect({
    Container: container.id,
    EndpointConfig: { IPAMConfig: { IPv4Address: place.address } },
    ...within(signal),
  });
}
