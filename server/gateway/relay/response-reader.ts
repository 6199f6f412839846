import { BodyReader } from "./body-reader.ts";
import { HopFailure } from "./failure.ts";
import type { RelayLimits } from "./limits.ts";
import { parseResponseHead, type ResponseHead } from "./response-head.ts";

export interface ResponseSink {
  /** The head has begun and is not complete. */
  onPartialHead(): void;
  onInterim(head: ResponseHead): void;
  onHead(head: ResponseHead): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  /** All bytes that arrived together have been handed on. */
  onPause(): void;
}

const headEnd = "\r\n\r\n";
const none = Buffer.alloc(0);

/**
 * Reads one answer after the other from the bytes of a target, which may be hostile: strict where Node's own client is lenient, bounded
 * everywhere, and without a copy on the usual path. Throws `HopFailure` on whatever is not HTTP/1.1.
 */
export class ResponseReader {
  readonly #limits: RelayLimits;
  #sink: ResponseSink | undefined;
  #method = "";
  #partial = none;
  #partialLength = 0;
  #interims = 0;
  #body: BodyReader | undefined;
  #begun = false;
  #persistent = false;
  #switched = false;

  constructor(limits: RelayLimits) {
    this.#limits = limits;
  }

  begin(sink: ResponseSink, method: string): void {
    this.#sink = sink;
    this.#method = method;
    this.#interims = 0;
    this.#begun = false;
    this.#body = undefined;
  }

  /** Whether a byte of the current answer has arrived. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Whether the connection may carry another request once this answer has ended. */
  get persistent(): boolean {
    return this.#persistent;
  }

  /** What follows a 101; after an ordinary answer, bytes that nobody asked for. */
  rest: Buffer = none;

  push(chunk: Buffer): void {
    let bytes = chunk;
    while (bytes.length > 0) {
      const sink = this.#sink;
      if (!sink || this.#switched) {
        this.rest = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : bytes;
        return;
      }
      this.#begun = true;
      if (this.#body) {
        bytes = this.#body.push(bytes, sink);
        if (this.#body.done) this.#end(sink);
      } else {
        bytes = this.#head(bytes, sink);
      }
    }
  }

  /** The target has closed its side. Returns whether that was the proper end of the answer. */
  finish(): boolean {
    const sink = this.#sink;
    if (!sink || this.#body?.endsAtClose !== true) return false;
    this.#end(sink);
    return true;
  }

  #end(sink: ResponseSink): void {
    this.#sink = undefined;
    this.#body = undefined;
    sink.onEnd();
  }

  #head(chunk: Buffer, sink: ResponseSink): Buffer {
    const bytes = this.#gather(chunk);
    const end = bytes.indexOf(
      headEnd,
      this.#partialLength === 0 ? 0 : Math.max(0, bytes.length - chunk.length - 3),
    );
    if (end === -1 || end > this.#limits.headBytes) {
      this.#keep(bytes, chunk.length);
      sink.onPartialHead();
      return none;
    }
    const rest = bytes.subarray(end + headEnd.length);
    this.#partial = none;
    this.#partialLength = 0;
    const head = parseResponseHead(bytes.toString("latin1", 0, end), this.#limits.headerCount);
    if (head.status === 101) {
      this.#switched = true;
      this.rest = rest;
      sink.onHead(head);
      return none;
    }
    if (head.status < 200) {
      this.#interims += 1;
      if (this.#interims > this.#limits.interims)
        throw new HopFailure("app_bad_answer", "too many interim answers");
      sink.onInterim(head);
    } else {
      const body = new BodyReader(this.#method, head, this.#limits.headBytes);
      this.#body = body;
      this.#persistent = head.persistent && !body.endsAtClose;
      sink.onHead(head);
      if (body.done) this.#end(sink);
    }
    return rest;
  }

  #gather(chunk: Buffer): Buffer {
    if (this.#partialLength === 0) return chunk;
    const length = this.#partialLength + chunk.length;
    if (length > this.#partial.length) {
      // Grows by doubling: a head that arrives byte by byte is not copied for each of them.
      const grown = Buffer.allocUnsafe(Math.max(length, this.#partial.length * 2));
      this.#partial.copy(grown, 0, 0, this.#partialLength);
      this.#partial = grown;
    }
    chunk.copy(this.#partial, this.#partialLength);
    return this.#partial.subarray(0, length);
  }

  #keep(bytes: Buffer, added: number): void {
    if (bytes.length > this.#limits.headBytes) throw new HopFailure("app_bad_answer", "head too large");
    // An answer that is no HTTP at all is refused at once, and not when the target gets tired.
    if (!"HTTP/1.".startsWith(bytes.toString("latin1", 0, 7)))
      throw new HopFailure("app_bad_answer", "not HTTP/1");
    for (let at = bytes.indexOf(10, bytes.length - added); at !== -1; at = bytes.indexOf(10, at + 1)) {
      if (bytes[at - 1] !== 13) throw new HopFailure("app_bad_answer", "line without CR");
    }
    if (this.#partialLength === 0) {
      this.#partial = Buffer.allocUnsafe(Math.max(1024, bytes.length * 2));
      bytes.copy(this.#partial);
    }
    this.#partialLength = bytes.length;
  }
}
