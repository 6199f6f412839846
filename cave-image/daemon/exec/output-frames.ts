import type { ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import type { ExecTail } from "#contract/daemon.ts";
import { execChannel } from "#contract/frames.ts";

type Name = "stdout" | "stderr";

/** How long background processes may keep a pipe open after the main one has ended before we answer without them. */
const lingerMs = 100;
/** More than the pipes can hold of what the main process wrote. */
const pipeBytes = 2 ** 21;

/** Output of a process as frames on a response: capped, and read only as fast as the client reads. */
export class OutputFrames {
  readonly truncated = { stdout: false, stderr: false };
  readonly #res: ServerResponse;
  readonly #left: Record<Name, number>;
  readonly #open = new Set<Readable>();
  #wake: (() => void) | undefined;
  #closed = false;
  #taken = 0;

  constructor(res: ServerResponse, maxBytes: number) {
    this.#res = res;
    this.#left = { stdout: maxBytes, stderr: maxBytes };
    res.on("drain", () => {
      for (const stream of this.#open) stream.resume();
      this.#wake?.();
    });
    res.on("close", () => {
      this.#close();
      this.#wake?.();
    });
  }

  take(name: Name, stream: Readable): void {
    this.#open.add(stream);
    stream.on("data", (data: Buffer) => this.#write(name, data));
    stream.once("close", () => {
      this.#open.delete(stream);
      if (this.#open.size === 0) this.#wake?.();
    });
  }

  begin(): void {
    if (!this.#closed && !this.#res.headersSent) this.#res.flushHeaders();
  }

  say(name: Name, text: string): void {
    this.#write(name, Buffer.from(text));
  }

  /** Nothing, so that a client that has gone is noticed even while its request is not read. */
  heartbeat(): void {
    if (!this.#closed && !this.#res.writableNeedDrain) this.#frame(execChannel.stdout, Buffer.alloc(0));
  }

  /** After the process has ended: resolves when its output is all taken, however long background processes keep the pipes open. */
  async drained(): Promise<void> {
    const enough = this.#taken + pipeBytes;
    while (this.#open.size > 0 && !this.#closed && this.#taken < enough) {
      if (this.#res.writableNeedDrain) {
        await this.#wait();
      } else if (await this.#wait(lingerMs)) {
        // A busy machine may be late with the timer: look into the pipes once more before giving up on them.
        const before = this.#taken;
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#taken === before) return;
      }
    }
  }

  end(exit: ExecTail): void {
    if (this.#closed) return;
    this.#frame(execChannel.exit, Buffer.from(JSON.stringify(exit)));
    this.#close();
    this.#res.end();
  }

  /** What still comes is read and dropped: its writers are not to break on a closed pipe. */
  #close(): void {
    this.#closed = true;
    for (const stream of this.#open) stream.resume();
  }

  #write(name: Name, data: Buffer): void {
    this.#taken += data.length;
    if (this.#closed) return;
    const kept = data.subarray(0, this.#left[name]);
    this.#left[name] -= kept.length;
    if (kept.length < data.length) this.truncated[name] = true;
    if (kept.length > 0 && !this.#frame(execChannel[name], kept)) {
      for (const stream of this.#open) stream.pause();
    }
  }

  #frame(channel: number, data: Buffer): boolean {
    const frame = Buffer.allocUnsafe(5 + data.length);
    frame[0] = channel;
    frame.writeUInt32BE(data.length, 1);
    data.copy(frame, 5);
    return this.#res.write(frame);
  }

  /** Until something happens; true when nothing did for `ms`. */
  #wait(ms?: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => resolve(true), ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(false);
      };
    });
  }
}
