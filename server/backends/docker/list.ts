import type Docker from "dockerode";
import type { Observed, ObservedState } from "../backend.ts";
import { within } from "./client.ts";
import type { Engine } from "./engine.ts";
import { caveLabel, labelFilter } from "./labels.ts";
import { removeHelpers } from "./own-volume.ts";
import { listVolumes } from "./volumes.ts";

/** Nobody takes this long between making a helper and removing it. */
const strayMs = 60_000;

export async function list(engine: Engine, signal: AbortSignal): Promise<Observed[]> {
  const [containers, volumes] = await Promise.all([
    engine.docker.listContainers({
      all: true,
      filters: { label: [...labelFilter(engine.instance), caveLabel] },
      ...within(signal),
    }),
    listVolumes(engine, signal),
    removeHelpers(engine, { olderThanMs: strayMs }, signal),
    engine.network.guard(),
  ]);
  const caves = containers.map(observed);
  const present = new Set(caves.map(({ id }) => id));
  const orphans = new Set(volumes.map(({ cave }) => cave).filter((cave) => !present.has(cave)));
  return [...caves, ...[...orphans].map((id): Observed => ({ id, kind: "volume", state: "stopped" }))];
}

export async function inspect(
  engine: Engine,
  id: string,
  signal: AbortSignal,
): Promise<Observed | undefined> {
  const info = await engine.containers.inspect(id, signal);
  if (!info) return undefined;
  const { State } = info;
  const state = stateOf(State.Status);
  const ended = state === "stopped";
  return {
    id,
    kind: "cave",
    state,
    ...(ended && { exitCode: State.ExitCode }),
    ...(ended && State.OOMKilled && { outOfMemory: true }),
    ...(!State.StartedAt.startsWith("0001") && { startedAt: new Date(State.StartedAt) }),
  };
}

function observed({ Labels, State, Status }: Docker.ContainerInfo): Observed {
  const code = /^Exited \((\d+)\)/.exec(Status)?.[1];
  return {
    id: Labels[caveLabel] ?? "",
    kind: "cave",
    state: stateOf(State),
    ...(code !== undefined && { exitCode: Number(code) }),
  };
}

/** What is being removed, or failed to be, runs nothing any more. */
export function stateOf(status: string): ObservedState {
  switch (status) {
    case "created":
    case "running":
    case "paused":
      return status;
    default:
      return "stopped";
  }
}
