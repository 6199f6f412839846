import { writeSync } from "node:fs";
import { errnoOf } from "../lib/problem.ts";

const mostWaiting = 4 * 2 ** 20;
const retryMs = 10;

/**
 * What is typed into a pty. Its descriptor does not block, but libuv insists on writing to the controlling side of a terminal until all is
 * written, and so would stand still with a program that does not read. Written here instead, and tried again while there is no room.
 */
export class PtyInput {
  readonly #fd: number;
  #waiting: Buffer[] = [];
  #size = 0;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** False when the program has left too much unread already. */
  write(data: Buffer): boolean {
    if (this.#closed) return true;
    if (this.#size + data.length > mostWaiting) return false;
    this.#waiting.push(data);
    this.#size += data.length;
    if (this.#retry === undefined) this.#flush();
    return true;
  }

  /** Before the descriptor is closed: its number may be another's a moment later. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
    clearTimeout(this.#retry);
  }

  #flush(): void {
    this.#retry = undefined;
    for (let data = this.#waiting[0]; data; data = this.#waiting[0]) {
      const written = this.#try(data);
      if (written === 0) {
        this.#retry = setTimeout(() => this.#flush(), retryMs);
        return;
      }
      this.#size -= written;
      if (written === data.length) this.#waiting.shift();
      else this.#waiting[0] = data.subarray(written);
    }
  }

  /** How much there was room for. Where nobody is left to read, all of it is gone. */
  #try(data: Buffer): number {
    try {
      return writeSync(this.#fd, data);
    } catch (error) {
      return errnoOf(error) === "EAGAIN" ? 0 : data.length;
    }
  }
}
