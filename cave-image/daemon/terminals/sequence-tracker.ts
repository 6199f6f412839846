type State = "ground" | "escape" | "csi" | "string" | "utf8";

const ESC = 0x1b;
const BEL = 0x07;

/**
 * Knows where in an output the last unfinished escape sequence or character begins. A screen says nothing of half a sequence, so whoever is given a
 * screen must get its bytes again from there.
 */
export class SequenceTracker {
  #state: State = "ground";
  #stringIsOsc = false;
  #continuations = 0;
  #offset = 0;
  #begun = 0;

  /** Offset up to which everything is complete. */
  get complete(): number {
    return this.#state === "ground" ? this.#offset : this.#begun;
  }

  push(data: Buffer): void {
    for (let at = 0; at < data.length; at++) this.#byte(data[at] ?? 0, this.#offset + at);
    this.#offset += data.length;
  }

  #byte(byte: number, offset: number): void {
    switch (this.#state) {
      case "ground": {
        this.#ground(byte, offset);
        return;
      }
      case "utf8":
        if ((byte & 0xc0) !== 0x80) {
          this.#state = "ground";
          this.#ground(byte, offset);
          return;
        }
        if (--this.#continuations === 0) this.#state = "ground";
        return;
      case "escape": {
        this.#escape(byte, offset);
        return;
      }
      case "csi":
        if (byte === ESC) this.#begin(offset);
        else if ((byte >= 0x40 && byte <= 0x7e) || isCancel(byte)) this.#state = "ground";
        return;
      case "string":
        // The ESC of a string's end and what follows it are a sequence of their own.
        if (byte === ESC) this.#state = "escape";
        else if (isCancel(byte) || (byte === BEL && this.#stringIsOsc)) this.#state = "ground";
    }
  }

  #ground(byte: number, offset: number): void {
    if (byte === ESC) {
      this.#begin(offset);
      return;
    }
    if (byte < 0xc2 || byte > 0xf4) return;
    this.#continuations = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    this.#begun = offset;
    this.#state = "utf8";
  }

  #escape(byte: number, offset: number): void {
    if (byte === ESC) this.#begin(offset);
    else if (byte === 0x5b) this.#state = "csi";
    else if (byte === 0x5d || byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f) {
      this.#state = "string";
      this.#stringIsOsc = byte === 0x5d;
    } else if (byte >= 0x30 || isCancel(byte)) this.#state = "ground";
  }

  #begin(offset: number): void {
    this.#begun = offset;
    this.#state = "escape";
  }
}

const isCancel = (byte: number) => byte === 0x18 || byte === 0x1a;
