import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "../../lib/app-error.ts";
import type { CaveSpec } from "../backend.ts";
import { abortable } from "./abortable.ts";
import { containerOptions, type Placement } from "./container-options.ts";
import type { Engine } from "./engine.ts";
import { engineMessage, statusOf } from "./errors.ts";
import { ownVolume, removeHelpers } from "./own-volume.ts";
import { listVolumes, removeVolume } from "./volumes.ts";

/** Long enough for an engine under load; the engine finishes what it began whether we wait or not. */
const patienceMs = 60_000;

export async function create(engine: Engine, spec: CaveSpec, signal: AbortSignal): Promise<void> {
  if (spec.network.mode === "allow")
    throw new AppError("unsupported", "Docker caves have the network modes open and none.");
  const [place, before] = await Promise.all([
    spec.network.mode === "open" ? engine.network.place(signal) : undefined,
    listVolumes(engine, signal, spec.id),
  ]);
  const making = make(engine, spec, place, new Set(before.map(({ name }) => name)), () => signal.aborted);
  engine.background.add(making);
  await abortable(making, signal);
}

/** Not told to stop half-way: whoever gives up waiting leaves nothing behind, because the end of the making looks at `abandoned`. */
async function make(
  engine: Engine,
  spec: CaveSpec,
  place: Placement | undefined,
  kept: ReadonlySet<string>,
  abandoned: () => boolean,
): Promise<void> {
  const patience = AbortSignal.timeout(patienceMs);
  const [container, volume] = await Promise.allSettled([
    makeContainer(engine, spec, place, patience),
    spec.image.daemon === undefined ? ownVolume(engine, spec, patience) : undefined,
  ]);
  const made = container.status === "fulfilled" && container.value;
  const failed = [container, volume].find((part) => part.status === "rejected");
  if (failed === undefined && !abandoned()) return;
  const taken = container.status === "rejected" && statusOf(container.reason) === 409;
  if (made || (container.status === "rejected" && !taken)) await undo(engine, spec.id, made, kept);
  if (failed) throw failed.reason;
}

/** Resolves to whether it was this call that made it. */
async function makeContainer(
  engine: Engine,
  spec: CaveSpec,
  place: Placement | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const { id } = await engine.docker.createContainer({
      ...containerOptions(spec, engine.instance, place),
      abortSignal: signal,
    });
    engine.containers.remember(spec.id, {
      containerId: id,
      imageId: spec.image.id,
      bridged: place !== undefined,
    });
    return true;
  } catch (error) {
    if (statusOf(error) === 409) return adopt(engine, spec.id, error, signal);
    if (place !== undefined && /network .* not found/i.test(engineMessage(error))) {
      engine.network.forget();
      return makeContainer(engine, spec, await engine.network.place(signal), signal);
    }
    throw error;
  }
}

/** The name is taken: by the cave itself, made before or just now, which takes the engine a moment to show. */
async function adopt(engine: Engine, id: string, conflict: unknown, signal: AbortSignal): Promise<false> {
  for (let attempt = 1; attempt <= 20; attempt++) {
    if (await engine.containers.inspect(id, signal)) return false;
    await pause(attempt * 10, undefined, { signal });
  }
  throw conflict;
}

/** Removes what this call made; a workspace kept from a cave before it stays. */
async function undo(
  engine: Engine,
  id: string,
  container: boolean,
  kept: ReadonlySet<string>,
): Promise<void> {
  const signal = AbortSignal.timeout(patienceMs);
  if (container) await engine.containers.with(id, signal, (found) => found.remove({ force: true, v: true }));
  engine.containers.forget(id);
  await removeHelpers(engine, { cave: id }, signal);
  const after = await listVolumes(engine, signal, id);
  await Promise.all(
    after.filter(({ name }) => !kept.has(name)).map(({ name }) => removeVolume(engine, name, signal)),
  );
}
