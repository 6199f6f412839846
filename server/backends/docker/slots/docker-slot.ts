import { once } from "node:events";
import type { Socket } from "node:net";
import type Docker from "dockerode";
import type { Slot, SlotLimits, SlotListener } from "../../slots.ts";
import { within } from "../client.ts";
import { engineMessage, folded, statusOf } from "../errors.ts";
import { slotResources } from "./slot-options.ts";

const headerBytes = 8;

/** A container and the engine's connection to its first process. Output comes in pieces with a header of the engine's before each. */
export class DockerSlot implements Slot {
  readonly id: string;
  readonly #container: Docker.Container;
  readonly #socket: Socket;
  #header = Buffer.alloc(0);
  /** Bytes of the piece under way. */
  #left = 0;
  #removal: Promise<void> | undefined;

  constructor(id: string, container: Docker.Container, socket: Socket) {
    this.id = id;
    this.#container = container;
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
  }

  listen(listener: SlotListener): void {
    this.#socket.on("data", (chunk: Buffer) => this.#unwrap(chunk, listener));
    if (this.#socket.destroyed) queueMicrotask(() => listener.end());
    else this.#socket.once("close", () => listener.end());
    // The engine half-closes when the container has ended.
    this.#socket.once("end", () => this.#socket.destroy());
  }

  write(bytes: Buffer): boolean {
    return this.#socket.destroyed || this.#socket.write(bytes);
  }

  async drained(signal: AbortSignal): Promise<void> {
    if (!this.#socket.destroyed && this.#socket.writableNeedDrain) {
      const left = new AbortController();
      const either = AbortSignal.any([signal, left.signal]);
      const close = () => left.abort();
      this.#socket.once("close", close);
      await once(this.#socket, "drain", { signal: either }).catch(() => signal.throwIfAborted());
      this.#socket.off("close", close);
    }
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  update(limits: SlotLimits, signal: AbortSignal): Promise<void> {
    return folded(signal, async () => {
      await this.#container.update({ ...slotResources(limits), ...within(signal) });
    });
  }

  interrupt(signal: AbortSignal): Promise<void> {
    return folded(signal, async () => {
      await this.#container.kill({ signal: "SIGTERM", ...within(signal) }).catch((error: unknown) => {
        if (!isGone(error)) throw error;
      });
    });
  }

  remove(): Promise<void> {
    this.#removal ??= removeContainer(this.#container).finally(() => this.#socket.destroy());
    return this.#removal;
  }

  #unwrap(chunk: Buffer, listener: SlotListener): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#left === 0) {
        if (this.#header.length === 0 && rest.length >= headerBytes) {
          this.#left = rest.readUInt32BE(4);
          rest = rest.subarray(headerBytes);
          continue;
        }
        const missing = headerBytes - this.#header.length;
        this.#header = Buffer.concat([this.#header, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (this.#header.length < headerBytes) return;
        this.#left = this.#header.readUInt32BE(4);
        this.#header = Buffer.alloc(0);
        continue;
      }
      const part = rest.subarray(0, this.#left);
      rest = rest.subarray(part.length);
      this.#left -= part.length;
      listener.data(part);
    }
  }
}

/** The engine removes a slot by itself when it has ended; of two removals one is enough. */
export async function removeContainer(container: Docker.Container): Promise<void> {
  const patience = AbortSignal.timeout(60_000);
  await container.remove({ force: true, v: true, ...within(patience) }).catch((error: unknown) => {
    if (!isGone(error)) throw error;
  });
}

/** Whether the engine said that the thing is gone or going. */
export function isGone(error: unknown): boolean {
  const status = statusOf(error);
  return (
    status === 404 || (status === 409 && /already in progress|is not running/i.test(engineMessage(error)))
  );
}
