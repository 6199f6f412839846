import type Docker from "dockerode";
import { within } from "./client.ts";
import type { Engine } from "./engine.ts";
import { engineMessage } from "./errors.ts";

export function pause(engine: Engine, id: string, signal: AbortSignal): Promise<void> {
  return engine.containers.with(id, signal, (container) =>
    unless(/already paused/i, container.pause(within(signal))),
  );
}

export function resume(engine: Engine, id: string, signal: AbortSignal): Promise<void> {
  return engine.containers.with(id, signal, async (container) => {
    const { State }: Docker.ContainerInspectInfo = await container.inspect({ abortSignal: signal });
    if (State.Running && !State.Paused) return;
    await unless(/is not paused/i, container.unpause(within(signal)));
  });
}

/** The engine's refusal to do what is done already is a success. */
async function unless(done: RegExp, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!done.test(engineMessage(error))) throw error;
  }
}
