import { encodeOutput } from "../api/output-text.ts";
import type { RunEvent } from "#contract/run.ts";

export type Stream = RunEvent["stream"];

/** Pieces of one stream that follow each other this closely are one. */
const togetherUs = 2_000;
/** So many are kept in order; what comes then is kept as one more of each stream. */
const maxPieces = 10_000;
const streams: readonly Stream[] = ["stdout", "stderr", "compiler"];
const headerBytes = 13;

class Piece {
  readonly stream: Stream;
  readonly atUs: number;
  #buffer: Buffer;
  #length: number;

  constructor(stream: Stream, atUs: number, bytes: Buffer) {
    this.stream = stream;
    this.atUs = atUs;
    this.#buffer = bytes;
    this.#length = bytes.length;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  append(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    if (length > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#buffer.length));
      this.bytes.copy(larger);
      this.#buffer = larger;
    }
    bytes.copy(this.#buffer, this.#length);
    this.#length = length;
  }
}

/** What a run has written so far, in order, with times. It takes as much memory as it has bytes, however they came. */
export class Output {
  readonly #pieces: Piece[] = [];
  readonly #rest = new Map<Stream, Piece>();

  /** Keeps `bytes` as they are: they must not change any more. */
  add(stream: Stream, atUs: number, bytes: Buffer): void {
    const last = this.#pieces.at(-1);
    const rest = this.#rest.get(stream);
    if (rest) rest.append(bytes);
    else if (this.#pieces.length >= maxPieces) this.#rest.set(stream, new Piece(stream, atUs, bytes));
    else if (last?.stream === stream && atUs - last.atUs < togetherUs) last.append(bytes);
    else this.#pieces.push(new Piece(stream, atUs, bytes));
  }

  of(stream: Stream): Buffer {
    const own = this.#all().filter((piece) => piece.stream === stream);
    const [first] = own;
    return own.length === 1 && first ? first.bytes : Buffer.concat(own.map(({ bytes }) => bytes));
  }

  events(): RunEvent[] {
    return this.#all().map(({ stream, atUs, bytes }) => eventOf(stream, atUs, bytes));
  }

  /** For following: each call gives what came since the one before, a piece at a time. */
  reader(): () => RunEvent | undefined {
    let index = 0;
    let seen = 0;
    const seenOfRest = new Map<Stream, number>();
    return () => {
      for (let piece = this.#pieces[index]; piece; piece = this.#pieces[index]) {
        if (piece.length > seen) {
          const event = eventOf(piece.stream, piece.atUs, piece.bytes.subarray(seen));
          seen = piece.length;
          return event;
        }
        if (index === this.#pieces.length - 1) break; // it may still grow
        index++;
        seen = 0;
      }
      for (const [stream, piece] of this.#rest) {
        const from = seenOfRest.get(stream) ?? 0;
        if (piece.length === from) continue;
        seenOfRest.set(stream, piece.length);
        return eventOf(stream, piece.atUs, piece.bytes.subarray(from));
      }
      return undefined;
    };
  }

  /** For the store. */
  pack(): Buffer {
    return Buffer.concat(
      this.#all().flatMap(({ stream, atUs, bytes }) => {
        const header = Buffer.alloc(headerBytes);
        header.writeUInt8(streams.indexOf(stream), 0);
        header.writeBigUInt64BE(BigInt(atUs), 1);
        header.writeUInt32BE(bytes.length, 9);
        return [header, bytes];
      }),
    );
  }

  static unpack(packed: Buffer): Output {
    const output = new Output();
    for (let at = 0; at + headerBytes <= packed.length;) {
      const stream = streams[packed.readUInt8(at)] ?? "stdout";
      const atUs = Number(packed.readBigUInt64BE(at + 1));
      const end = at + headerBytes + packed.readUInt32BE(at + 9);
      output.#pieces.push(new Piece(stream, atUs, packed.subarray(at + headerBytes, end)));
      at = end;
    }
    return output;
  }

  #all(): Piece[] {
    return [...this.#pieces, ...this.#rest.values()];
  }
}

function eventOf(stream: Stream, atUs: number, bytes: Buffer): RunEvent {
  const { text, encoding } = encodeOutput(bytes, false);
  return { stream, atMs: atUs / 1000, data: text, encoding };
}
