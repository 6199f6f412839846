const pageBytes = 65_536;

/** The last so many bytes of an output, addressed by their offset since its beginning. Grows by pages, forgets by pages. */
export class OutputRing {
  readonly #capacity: number;
  #pages: Buffer[] = [];
  #first = 0;
  #end = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Offset of the oldest byte that is still here. */
  get start(): number {
    return this.#first;
  }

  /** Offset after the newest byte. */
  get end(): number {
    return this.#end;
  }

  append(data: Buffer): void {
    for (let at = 0; at < data.length;) {
      const used = (this.#end - this.#first) % pageBytes;
      if (used === 0) this.#pages.push(Buffer.allocUnsafeSlow(pageBytes));
      const page = this.#pages.at(-1);
      const size = page ? data.copy(page, used, at) : 0;
      at += size;
      this.#end += size;
    }
    while (this.#end - this.#first > this.#capacity + pageBytes) {
      this.#pages.shift();
      this.#first += pageBytes;
    }
  }

  /** All that is here. */
  copy(): Buffer {
    return Buffer.concat(this.#pages, this.#end - this.#first);
  }

  /** Some of the bytes from `offset` on, without copying them; empty at the end. */
  read(offset: number, most: number): Buffer {
    if (offset < this.#first || offset >= this.#end) return Buffer.alloc(0);
    const at = offset - this.#first;
    const page = this.#pages[Math.floor(at / pageBytes)] ?? Buffer.alloc(0);
    const from = at % pageBytes;
    return page.subarray(from, from + Math.min(most, this.#end - offset, pageBytes - from));
  }
}
