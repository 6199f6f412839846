import type Docker from "dockerode";
import { AppError } from "../../lib/app-error.ts";
import { statusOf } from "./errors.ts";
import { caveLabel, containerName, instanceLabel } from "./labels.ts";

export interface KnownContainer {
  containerId: string;
  imageId: string;
  /** Whether it has an address on the caves' network. */
  bridged: boolean;
}

/**
 * Which container a cave is. Every verb goes by the container's id, which is only ever learnt from an object that carries our
 * labels: what another instance made is out of reach whatever it is called.
 */
export class Containers {
  readonly #known = new Map<string, KnownContainer>();
  readonly #docker: Docker;
  readonly #instance: string;

  constructor(docker: Docker, instance: string) {
    this.#docker = docker;
    this.#instance = instance;
  }

  /** The cave's container as the engine sees it now. */
  async inspect(id: string, signal: AbortSignal): Promise<Docker.ContainerInspectInfo | undefined> {
    const info = await this.#docker
      .getContainer(containerName(id))
      .inspect({ abortSignal: signal })
      .catch((error: unknown) => {
        if (statusOf(error) === 404) return undefined;
        throw error;
      });
    const labels = info?.Config.Labels;
    if (info === undefined || labels?.[instanceLabel] !== this.#instance || labels[caveLabel] !== id) {
      this.forget(id);
      return undefined;
    }
    this.remember(id, {
      containerId: info.Id,
      imageId: info.Image,
      bridged: info.HostConfig.NetworkMode !== "none",
    });
    return info;
  }

  async of(id: string, signal: AbortSignal): Promise<KnownContainer> {
    const known = this.#known.get(id) ?? ((await this.inspect(id, signal)) && this.#known.get(id));
    if (known === undefined) throw new AppError("cave_not_found", `The engine has no cave ${id}.`);
    return known;
  }

  /** Runs `use` on the cave's container; a container that is gone is forgotten. */
  async with<T>(
    id: string,
    signal: AbortSignal,
    use: (container: Docker.Container, known: KnownContainer) => Promise<T>,
  ): Promise<T> {
    const known = await this.of(id, signal);
    try {
      return await use(this.#docker.getContainer(known.containerId), known);
    } catch (error) {
      if (statusOf(error) === 404) this.forget(id);
      throw error;
    }
  }

  remember(id: string, known: KnownContainer): void {
    this.#known.set(id, known);
  }

  forget(id: string): void {
    this.#known.delete(id);
  }
}
