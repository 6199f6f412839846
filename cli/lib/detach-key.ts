const key = 0x1d; // Ctrl-]

export type Typed =
  { kind: "type"; data: Buffer } | { kind: "asked" } | { kind: "go-on" } | { kind: "detach" };

/** Finds Ctrl-] in what is typed. After it `d` detaches, Ctrl-] again sends one, and any other key goes on as if nothing had been. */
export class DetachKey {
  #asked = false;

  read(data: Buffer): Typed[] {
    const found: Typed[] = [];
    let from = 0;
    const typed = (until: number) => {
      if (until > from) found.push({ kind: "type", data: data.subarray(from, until) });
    };
    for (let i = 0; i < data.length; i++) {
      if (this.#asked) {
        this.#asked = false;
        if (data[i] === 0x64 || data[i] === 0x2e) return [...found, { kind: "detach" }];
        found.push({ kind: "go-on" });
        from = i; // a second Ctrl-], like any other key, is typed
      } else if (data[i] === key) {
        typed(i);
        this.#asked = true;
        from = i + 1;
        found.push({ kind: "asked" });
      }
    }
    typed(data.length);
    return found;
  }
}
