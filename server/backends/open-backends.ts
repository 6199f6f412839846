import type { Logger } from "pino";
import { AppError } from "../lib/app-error.ts";
import type { Backend } from "./backend.ts";
import type { DockerOptions } from "./docker/open-docker.ts";
import { type BackendCall, managed } from "./managed.ts";

export interface OpenBackendsOptions {
  /** In the order of preference: the first is the default. */
  names: readonly string[];
  /** Whose objects are ours, on every engine. */
  instance: string;
  log: Logger;
  onCall?: (call: BackendCall) => void;
  docker?: Omit<DockerOptions, "instance">;
}

/** The configured backends, by name. */
export interface Backends extends AsyncDisposable {
  /** Throws `backend_not_found`. */
  get(name: string): Backend;
  all(): readonly Backend[];
}

/** A backend whose engine is away opens all the same: its verbs say `backend_unavailable` until the engine is back. */
export async function openBackends(options: OpenBackendsOptions): Promise<Backends> {
  await using stack = new AsyncDisposableStack();
  const open = new Map<string, Backend>();
  for (const name of new Set(options.names)) {
    open.set(
      name,
      stack.use(
        managed(await openBackend(name, options), {
          log: options.log,
          ...(options.onCall && { onCall: options.onCall }),
        }),
      ),
    );
  }
  const owned = stack.move();
  return {
    get(name) {
      const backend = open.get(name);
      if (!backend)
        throw new AppError("backend_not_found", `There is no backend ${name}.`, {
          details: { backends: [...open.keys()] },
        });
      return backend;
    },
    all: () => [...open.values()],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Loaded when configured, so that an engine's client costs nothing where it is not used. */
async function openBackend(name: string, { instance, docker }: OpenBackendsOptions): Promise<Backend> {
  switch (name) {
    case "docker": {
      const { openDocker } = await import("./docker/open-docker.ts");
      return openDocker({ ...docker, instance });
    }
    case "memory": {
      const { createMemoryBackend } = await import("./memory/memory-backend.ts");
      return createMemoryBackend({ instance });
    }
    default:
      throw new AppError("backend_not_found", `There is no backend ${name}: Ghost knows docker and memory.`);
  }
}
