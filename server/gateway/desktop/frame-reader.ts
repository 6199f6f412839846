import { opcode } from "./frames.ts";
import { SocketError } from "./socket-error.ts";

export interface FrameSink {
  /** Payload of binary messages, unmasked, as it comes. */
  data(bytes: Buffer): void;
  ping(payload: Buffer): void;
  /** The peer says goodbye. */
  close(code: number): void;
}

/** No frame need be larger: a message may have any number of them. */
const maxFrame = 16 * 2 ** 20;
const controlBytes = 125;

/** Reads a client's frames strictly, in chunks that may begin and end anywhere. Nothing is gathered but heads and control frames. Unmasks in place. */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #head = Buffer.alloc(14);
  #have = 0;
  #need = 2;
  readonly #mask = Buffer.alloc(4);
  #left = 0;
  #at = 0;
  #kind = 0;
  #inMessage = false;
  #control: Buffer[] = [];

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#have < this.#need) {
        const copied = chunk.copy(this.#head, this.#have, at, at + this.#need - this.#have);
        this.#have += copied;
        at += copied;
        if (this.#have < this.#need) return;
        this.#need = this.#measure();
        if (this.#have < this.#need) continue;
        this.#begin();
      } else {
        const payload = chunk.subarray(at, at + this.#left);
        at += payload.length;
        this.#unmask(payload);
        this.#left -= payload.length;
        if (this.#kind < opcode.close) this.#sink.data(payload);
        else this.#control.push(payload);
      }
      if (this.#left === 0) this.#end();
    }
  }

  /** How long the head is, as far as one can tell by what is there of it. */
  #measure(): number {
    const [first = 0, second = 0] = this.#head;
    if (this.#have === 2) {
      check(first, second, this.#inMessage);
      const short = second & 0x7f;
      return 6 + (short === 126 ? 2 : short === 127 ? 8 : 0);
    }
    return this.#need;
  }

  #begin(): void {
    const [first = 0, second = 0] = this.#head;
    const short = second & 0x7f;
    const length =
      short < 126
        ? short
        : short === 126
          ? this.#head.readUInt16BE(2)
          : Number(this.#head.readBigUInt64BE(2));
    if ((short === 126 && length < 126) || (short === 127 && length < 65_536))
      throw new SocketError(1002, "A length is longer than it needs to be.");
    if (length > maxFrame) throw new SocketError(1009, "That frame is too large.");
    this.#head.copy(this.#mask, 0, this.#have - 4, this.#have);
    this.#left = length;
    this.#at = 0;
    this.#kind = first & 0x0f;
    if (this.#kind < opcode.close) this.#inMessage = (first & 0x80) === 0;
  }

  #unmask(payload: Buffer): void {
    const mask = this.#mask;
    let at = this.#at;
    for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] ?? 0) ^ (mask[at++ & 3] ?? 0);
    this.#at = at & 3;
  }

  #end(): void {
    this.#have = 0;
    this.#need = 2;
    if (this.#kind < opcode.close) return;
    const payload = Buffer.concat(this.#control);
    this.#control = [];
    if (this.#kind === opcode.ping) this.#sink.ping(payload);
    else if (this.#kind === opcode.close) {
      if (payload.length === 1) throw new SocketError(1002, "Half a close code.");
      this.#sink.close(payload.length === 0 ? 1000 : payload.readUInt16BE(0));
    }
  }
}

function check(first: number, second: number, inMessage: boolean): void {
  const kind = first & 0x0f;
  const whole = (first & 0x80) !== 0;
  if ((first & 0x70) !== 0) throw new SocketError(1002, "No extension was agreed upon.");
  if ((second & 0x80) === 0) throw new SocketError(1002, "A client's frames must be masked.");
  switch (kind) {
    case opcode.text:
      throw new SocketError(1003, "Only binary messages are understood.");
    case opcode.binary:
      if (inMessage) throw new SocketError(1002, "A message began inside another.");
      return;
    case opcode.continuation:
      if (!inMessage) throw new SocketError(1002, "There is no message to continue.");
      return;
    case opcode.close:
    case opcode.ping:
    case opcode.pong:
      if (!whole || (second & 0x7f) > controlBytes)
        throw new SocketError(1002, "A control frame must be short and whole.");
      return;
    default:
      throw new SocketError(1002, "That kind of frame is unknown.");
  }
}
