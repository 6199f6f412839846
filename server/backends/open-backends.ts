import type { Logger } from "pino";
import { AppError } from "../lib/app-error.ts";
import type { Backend } from "./backend.ts";
import type { AddressOptions } from "./docker/engine-address.ts";
import { openDocker } from "./docker/open-docker.ts";
import { managed, type BackendCall } from "./managed.ts";

/** The backends of this installation, by name. */
export interface Backends extends AsyncDisposable {
  get(name: string): Backend;
  all(): readonly Backend[];
}

export interface BackendsOptions {
  names: readonly string[];
  instance: string;
  docker: AddressOptions;
  log: Logger;
  onCall?: (call: BackendCall) => void;
}

/** Opens those that are named. An engine that is away is no reason not to start. */
export async function openBackends(options: BackendsOptions): Promise<Backends> {
  await using stack = new AsyncDisposableStack();
  const backends: Backend[] = [];
  for (const name of options.names) {
    const { log, onCall } = options;
    backends.push(stack.use(managed(await open(name, options), { log, ...(onCall && { onCall }) })));
  }
  return backendsOf(backends, stack.move());
}

export function backendsOf(backends: readonly Backend[], owned: AsyncDisposable): Backends {
  const byName = new Map(backends.map((backend) => [backend.name, backend]));
  return {
    get(name) {
      const backend = byName.get(name);
      if (backend === undefined) throw new AppError("backend_not_found", `There is no backend ${name}.`);
      return backend;
    },
    all: () => backends,
    [Symbol.asyncDispose]: async () => owned[Symbol.asyncDispose](),
  };
}

function open(name: string, { instance, docker }: BackendsOptions): Promise<Backend> {
  if (name === "docker") return openDocker({ instance, ...docker });
  throw new Error(`GHOST_BACKENDS names ${name}, which is no backend. There is: docker.`);
}
