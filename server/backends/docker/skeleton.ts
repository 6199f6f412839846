import { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { within } from "./client.ts";
import { statusOf } from "./errors.ts";
import { importImage } from "./import-image.ts";
import { instanceLabel } from "./labels.ts";

/** An image of one empty folder that belongs to the cave's user. Nothing in it can run. Each instance has its own, to remove when it goes. */
export class Skeleton {
  readonly ref: string;
  readonly #docker: Docker;
  readonly #instance: string;
  #making: Promise<void> | undefined;

  constructor(docker: Docker, instance: string) {
    this.#docker = docker;
    this.#instance = instance;
    this.ref = `ghost/skeleton:${instance}`;
  }

  /** One at a time: of two made at once, one would be left without a name. */
  make(): Promise<void> {
    this.#making ??= this.#import().finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  async remove(signal: AbortSignal): Promise<void> {
    try {
      await this.#docker.getImage(this.ref).remove(within(signal));
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  }

  async #import(): Promise<void> {
    const tar = pack();
    tar.entry({ name: "workspace/", type: "directory", uid: 1000, gid: 1000, mode: 0o755 });
    tar.finalize();
    const label = `LABEL ${instanceLabel}=${this.#instance}`;
    await importImage(this.#docker, this.ref, Readable.from(tar), [label], AbortSignal.timeout(60_000));
  }
}
