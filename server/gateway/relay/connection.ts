import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { streamed } from "../../lib/streamed.ts";
import { HopFailure } from "./failure.ts";
import { keepAliveMs, pendingBytes, type RelayLimits } from "./limits.ts";
import { ResponseReader, type ResponseSink } from "./response-reader.ts";

export interface ConnectionUser extends ResponseSink {
  /** The target takes bytes again. */
  onDrain(): void;
  /** The connection is of no use any more, and its answer was not complete. */
  onBroken(failure: HopFailure): void;
}

/** One HTTP/1.1 connection to a target: one request at a time, or a tunnel once it has been detached. */
export class Connection {
  readonly #stream: Duplex;
  readonly #reader: ResponseReader;
  #user: ConnectionUser | undefined;
  #closed = false;
  /** Whether it has carried a request before. */
  used = false;
  idleSince = 0;
  /** Called when it closes while nobody uses it. */
  onIdleClose: (() => void) | undefined;

  constructor(stream: Duplex, limits: RelayLimits) {
    this.#stream = stream;
    this.#reader = new ResponseReader(limits);
    if (stream instanceof Socket) stream.setNoDelay(true).setKeepAlive(true, keepAliveMs);
    stream.on("data", this.#onData);
    stream.on("drain", this.#onDrain);
    stream.on("end", this.#onEnd);
    stream.on("error", this.#onError);
    stream.on("close", this.#onClose);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** A byte of the current answer has arrived. */
  get answering(): boolean {
    return this.#reader.begun;
  }

  /** Nothing is left over from the last request, and the target did not announce that it closes. */
  get reusable(): boolean {
    return (
      !this.#closed &&
      this.#reader.persistent &&
      this.#reader.rest.length === 0 &&
      !this.#stream.writableNeedDrain
    );
  }

  begin(user: ConnectionUser, method: string): void {
    this.#user = user;
    this.#reader.begin(user, method);
  }

  /** The user is done with it. */
  end(): void {
    this.#user = undefined;
    this.used = true;
    if (this.#stream.isPaused()) this.#stream.resume();
  }

  /** Whether more may be written before `onDrain`. */
  write(data: string | Buffer): boolean {
    const stream = this.#stream;
    const free = typeof data === "string" ? stream.write(data, "latin1") : stream.write(data);
    return free || stream.writableLength < pendingBytes;
  }

  writeChunk(data: Buffer): boolean {
    this.#stream.cork();
    this.#stream.write(`${data.length.toString(16)}\r\n`, "latin1");
    this.#stream.write(data);
    const free = this.#stream.write("\r\n", "latin1");
    this.#stream.uncork();
    return free || this.#stream.writableLength < pendingBytes;
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  destroy(): void {
    this.#closed = true;
    this.#user = undefined;
    this.#stream.destroy();
  }

  /** Hands over the raw stream and what was read after the 101. It stays guarded against unheard errors. */
  detach(): { stream: Duplex; head: Buffer } {
    this.#closed = true;
    this.#user = undefined;
    const stream = this.#stream;
    stream.pause();
    stream
      .off("data", this.#onData)
      .off("drain", this.#onDrain)
      .off("end", this.#onEnd)
      .off("close", this.#onClose);
    return { stream, head: this.#reader.rest };
  }

  readonly #onData = (chunk: Buffer): void => {
    streamed(chunk.length);
    const user = this.#user;
    if (!user) {
      // Nobody has asked for anything.
      this.destroy();
      return;
    }
    try {
      this.#reader.push(chunk);
      user.onPause();
      // More than was asked for: it would be taken for the next answer.
      if (!this.#user && !this.#closed && this.#reader.rest.length > 0) this.destroy();
    } catch (error) {
      this.#break(error instanceof HopFailure ? error : new HopFailure("app_bad_answer", String(error)));
    }
  };

  readonly #onDrain = (): void => this.#user?.onDrain();

  readonly #onEnd = (): void => {
    if (!this.#user || !this.#reader.finish()) this.#break(new HopFailure("app_closed"));
    this.destroy();
  };

  readonly #onError = (error: Error): void => this.#break(new HopFailure("app_closed", error.message));

  readonly #onClose = (): void => {
    this.#break(new HopFailure("app_closed"));
    this.onIdleClose?.();
  };

  #break(failure: HopFailure): void {
    const user = this.#user;
    this.destroy();
    user?.onBroken(failure);
  }
}
