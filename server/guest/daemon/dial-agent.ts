import { Agent, type ClientRequest } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";

export type Dial = (port: number, signal: AbortSignal) => Promise<Duplex>;

/** How long a connection may take to come about. */
const dialTimeoutMs = 10_000;

/** Keeps a few connections to one cave open, however the backend makes them. */
export class DialAgent extends Agent {
  readonly #dial: () => Promise<Duplex>;
  readonly #closing = new AbortController();

  constructor(dial: Dial, port: number) {
    super({ keepAlive: true, maxFreeSockets: 8, scheduling: "lifo" });
    this.#dial = () =>
      dial(port, AbortSignal.any([this.#closing.signal, AbortSignal.timeout(dialTimeoutMs)]));
  }

  override createConnection(
    _options: unknown,
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#dial().then(
      (stream) => done?.(null, stream),
      (error: unknown) => done?.(error as Error, undefined as unknown as Duplex),
    );
  }

  // The agent's own care (unref, guards against data that nobody asked for) is for sockets; a tunnel is only a stream.
  override keepSocketAlive(stream: Duplex): boolean {
    if (stream instanceof Socket) super.keepSocketAlive(stream);
    return !stream.destroyed && stream.readable && stream.writable;
  }

  override reuseSocket(stream: Duplex, request: ClientRequest): void {
    if (stream instanceof Socket) super.reuseSocket(stream, request);
    else request.reusedSocket = true;
  }

  override destroy(): void {
    this.#closing.abort();
    super.destroy();
  }
}
