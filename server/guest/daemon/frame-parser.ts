const headBytes = 5;

/** A piece of a frame: the frame's channel, some of its data, and whether that was the last of it. */
export interface Piece {
  channel: number;
  data: Buffer;
  complete: boolean;
}

/** Cuts the frames of frames.ts (`execChannel`) out of chunks that may begin and end anywhere. Data is passed on, never collected. */
export class FrameParser {
  readonly #head = Buffer.alloc(headBytes);
  #have = 0;
  #left = 0;

  *push(chunk: Buffer): Generator<Piece> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#have < headBytes) {
        const copied = chunk.copy(this.#head, this.#have, at, at + headBytes - this.#have);
        this.#have += copied;
        at += copied;
        if (this.#have < headBytes) return;
        this.#left = this.#head.readUInt32BE(1);
        if (this.#left === 0) this.#have = 0; // an empty frame means nothing
        continue;
      }
      const data = chunk.subarray(at, at + this.#left);
      at += data.length;
      this.#left -= data.length;
      if (this.#left === 0) this.#have = 0;
      yield { channel: this.#head.readUInt8(0), data, complete: this.#left === 0 };
    }
  }
}
