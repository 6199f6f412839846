import { Readable, type Writable } from "node:stream";
import { AppError } from "../../lib/app-error.ts";

export type Bytes = AsyncIterable<Buffer>;

/** All of a stream, as far as `limit`; `onMore` decides what happens with more. */
export async function collect(source: Bytes, limit: number, onMore: "drop" | "refuse"): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let left = limit;
  for await (const chunk of source) {
    if (chunk.length > left && onMore === "refuse") {
      throw new AppError("cave_unreachable", "The cave's tools answered more than can be believed.");
    }
    if (left > 0) chunks.push(chunk.subarray(0, left));
    left -= Math.min(left, chunk.length);
  }
  return Buffer.concat(chunks);
}

export interface Split {
  /** What came before the mark; all there was, where it never came. */
  head: Buffer;
  found: boolean;
  rest: Bytes;
}

/** Reads as far as a mark, which comes within `limit` bytes or never. */
export async function splitAt(source: Bytes, mark: string, limit: number): Promise<Split> {
  const chunks = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length <= limit) {
    const next = await chunks.next();
    if (next.done) return { head, found: false, rest: empty() };
    head = Buffer.concat([head, next.value]);
    const at = head.indexOf(mark);
    if (at !== -1) {
      return {
        head: head.subarray(0, at),
        found: true,
        rest: after(head.subarray(at + mark.length), chunks),
      };
    }
  }
  await chunks.return?.();
  return { head, found: false, rest: empty() };
}

async function* after(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  yield* { [Symbol.asyncIterator]: () => chunks };
}

async function* empty(): AsyncGenerator<Buffer> {
  // nothing
}

/** The pieces of a stream between tokens, one character per byte, without the newline that ends each. */
export async function* records(source: Bytes, token: string): AsyncGenerator<string> {
  let text = "";
  for await (const chunk of source) {
    text += chunk.toString("latin1");
    const pieces = text.split(token);
    text = pieces.pop() ?? "";
    for (const piece of pieces) if (piece !== "") yield piece.replace(/\n$/, "");
    if (text.length > 2 ** 20) throw new AppError("cave_unreachable", "The cave's tools answered nonsense.");
  }
  if (text !== "") yield text.replace(/\n$/, "");
}

/** Read as fast as it is consumed; `close` runs when it ends or is left. */
export function readableOf(source: Bytes, close: () => Promise<void>): Readable {
  const chunks = source[Symbol.asyncIterator]();
  return new Readable({
    read() {
      chunks.next().then(
        ({ done, value }) => this.push(done ? null : value),
        (error: unknown) => this.destroy(error as Error),
      );
    },
    destroy(error, done) {
      close().then(
        () => done(error),
        (failure: unknown) => done(error ?? (failure as Error)),
      );
    },
  });
}

/** For a stream whose failure is learnt in another way, or not yet: it may fail before anybody reads it. */
export function mayFail<T extends Readable | Writable>(stream: T): T {
  return stream.on("error", () => undefined) as T;
}
