import type { Socket } from "node:net";
import type Docker from "dockerode";
import type { SlotEngine, SlotSpec } from "../../slots.ts";
import { abortable } from "../abortable.ts";
import { within } from "../client.ts";
import type { Engine } from "../engine.ts";
import { folded } from "../errors.ts";
import { instanceLabel } from "../labels.ts";
import { DockerSlot, removeContainer } from "./docker-slot.ts";
import { slotLabel, slotName, slotOptions } from "./slot-options.ts";

/** Long enough for an engine under load. */
const patienceMs = 60_000;

export function dockerSlots(engine: Engine): SlotEngine {
  return {
    start: (spec, signal) => folded(signal, () => start(engine, spec, signal)),
    sweep: (keep, signal) => folded(signal, () => sweep(engine, keep, signal)),
  };
}

/** Whoever gives up waiting leaves nothing behind: the end of the making looks at the signal. */
async function start(engine: Engine, spec: SlotSpec, signal: AbortSignal): Promise<DockerSlot> {
  const making = make(engine, spec, AbortSignal.timeout(patienceMs)).then(async (slot) => {
    if (signal.aborted || engine.closing.aborted) await slot.remove();
    return slot;
  });
  engine.background.add(making);
  return abortable(making, signal);
}

async function make(engine: Engine, spec: SlotSpec, signal: AbortSignal): Promise<DockerSlot> {
  const { docker } = engine;
  const place = spec.network ? await engine.network.place(signal) : undefined;
  const container = await createContainer(docker, slotOptions(spec, engine.instance, place), signal);
  try {
    // Attached before it starts: not a byte is lost.
    const socket = (await container.attach({
      stream: true,
      hijack: true,
      stdin: true,
      stdout: true,
      stderr: false,
    })) as unknown as Socket;
    const slot = new DockerSlot(spec.id, container, socket);
    try {
      await container.start(within(signal));
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return slot;
  } catch (error) {
    await removeContainer(container);
    throw error;
  }
}

async function createContainer(
  docker: Docker,
  options: Docker.ContainerCreateOptions,
  signal: AbortSignal,
): Promise<Docker.Container> {
  const { id } = await docker.createContainer({ ...options, abortSignal: signal });
  return docker.getContainer(id);
}

async function sweep(engine: Engine, keep: ReadonlySet<string>, signal: AbortSignal): Promise<number> {
  const found = await engine.docker.listContainers({
    all: true,
    filters: { label: [`${instanceLabel}=${engine.instance}`, slotLabel] },
    ...within(signal),
  });
  const names = new Set([...keep].map((id) => `/${slotName(id)}`));
  const strays = found.filter(({ Names }) => !Names.some((name) => names.has(name)));
  await Promise.all(strays.map(({ Id }) => removeContainer(engine.docker.getContainer(Id))));
  return strays.length;
}
