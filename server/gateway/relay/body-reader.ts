import { HopFailure } from "./failure.ts";
import type { ResponseHead } from "./response-head.ts";

type State = "size" | "extension" | "size-lf" | "data" | "data-cr" | "data-lf" | "trailer" | "done";

const none = Buffer.alloc(0);
const cr = 13;
const lf = 10;
const maxSizeDigits = 12;

/** Takes the body of one answer out of its framing. Chunk extensions and trailers are read (so many bytes, no more) and dropped. */
export class BodyReader {
  /** Only the target's closing ends this body. */
  readonly endsAtClose: boolean;
  readonly #chunked: boolean;
  #left: number;
  #state: State;
  #digits = 0;
  /** Bytes that may still be spent on extensions and trailers. */
  #budget: number;
  #lineLength = 0;
  #sawCr = false;

  constructor(method: string, head: ResponseHead, budget: number) {
    const empty = method === "HEAD" || head.status === 204 || head.status === 304;
    this.#chunked = !empty && head.chunked;
    this.endsAtClose = !empty && !head.chunked && head.contentLength === undefined;
    this.#left = empty ? 0 : (head.contentLength ?? 0);
    this.#budget = budget;
    this.#state = this.#chunked ? "size" : this.endsAtClose || this.#left > 0 ? "data" : "done";
  }

  get done(): boolean {
    return this.#state === "done";
  }

  /** Hands on what is body, and returns what comes after its end. */
  push(bytes: Buffer, sink: { onData(chunk: Buffer): void }): Buffer {
    if (this.endsAtClose) {
      sink.onData(bytes);
      return none;
    }
    let at = 0;
    while (at < bytes.length && this.#state !== "done") {
      at = this.#state === "data" ? this.#data(bytes, at, sink) : this.#framing(bytes[at] ?? 0, at);
    }
    return at === bytes.length ? none : bytes.subarray(at);
  }

  #data(bytes: Buffer, at: number, sink: { onData(chunk: Buffer): void }): number {
    const end = Math.min(bytes.length, at + this.#left);
    this.#left -= end - at;
    if (this.#left === 0) this.#state = this.#chunked ? "data-cr" : "done";
    sink.onData(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    return end;
  }

  #framing(byte: number, at: number): number {
    switch (this.#state) {
      case "size":
        this.#size(byte);
        break;
      case "extension":
        this.#spend();
        if (byte === cr) this.#state = "size-lf";
        else if (byte === lf) bad("bare LF in chunk size");
        break;
      case "size-lf":
        if (byte !== lf) bad("bad end of chunk size");
        this.#state = this.#left > 0 ? "data" : "trailer";
        this.#digits = 0;
        break;
      case "data-cr":
        if (byte !== cr) bad("chunk longer than its size");
        this.#state = "data-lf";
        break;
      case "data-lf":
        if (byte !== lf) bad("chunk longer than its size");
        this.#state = "size";
        break;
      case "trailer":
        this.#trailer(byte);
        break;
      case "data":
      case "done":
        break;
    }
    return at + 1;
  }

  #size(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      this.#digits += 1;
      if (this.#digits > maxSizeDigits) bad("chunk too large");
      this.#left = this.#left * 16 + digit;
      return;
    }
    if (this.#digits === 0) bad("bad chunk size");
    if (byte === cr) this.#state = "size-lf";
    else if (byte === 59 || byte === 32 || byte === 9) this.#state = "extension";
    else bad("bad chunk size");
  }

  #trailer(byte: number): void {
    this.#spend();
    if (this.#sawCr) {
      if (byte !== lf) bad("bare CR in trailers");
      this.#sawCr = false;
      if (this.#lineLength === 0) this.#state = "done";
      this.#lineLength = 0;
    } else if (byte === cr) {
      this.#sawCr = true;
    } else if (byte === lf) {
      bad("bare LF in trailers");
    } else {
      this.#lineLength += 1;
    }
  }

  #spend(): void {
    this.#budget -= 1;
    if (this.#budget < 0) bad("endless trailers");
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

function bad(detail: string): never {
  throw new HopFailure("app_bad_answer", detail);
}
