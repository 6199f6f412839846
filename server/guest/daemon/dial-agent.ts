import { Agent } from "node:http";
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
      (stream) => done?.(null, stream instanceof Socket ? stream : Object.assign(stream, deaf)),
      (error: unknown) => done?.(error as Error, undefined as unknown as Duplex),
    );
  }

  override destroy(): void {
    this.#closing.abort();
    super.destroy();
  }
}

/** What an agent tells a socket that it keeps. A tunnel is only a stream, and has no use for it. */
const deaf = Object.fromEntries(
  ["ref", "unref", "setKeepAlive", "setTimeout"].map((name) => [name, () => undefined]),
);
