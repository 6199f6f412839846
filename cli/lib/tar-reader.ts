import { Failure } from "./failure.ts";

const block = 512;
const maxExtended = 1_048_576;

export interface TarEntry {
  readonly kind: "file" | "folder" | "symlink" | "hardlink" | "other";
  /** Bytes as latin1: names need not be UTF-8. */
  readonly name: string;
  readonly target: string;
  readonly mode: number;
  readonly modifiedAt: Date;
  readonly size: number;
  /** The content; what is not read of it is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

const kinds: Record<string, TarEntry["kind"]> = {
  "0": "file",
  "\0": "file",
  "7": "file",
  "1": "hardlink",
  "2": "symlink",
  "5": "folder",
};

/** Reads ustar, pax and GNU archives as they stream by. One that ends before its end mark was cut off, and is an error. */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, void, undefined> {
  const bytes = new ByteReader(source);
  let extended: Record<string, string> = {};
  for (;;) {
    const head = await bytes.take(block);
    if (head.every((byte) => byte === 0)) return bytes.drain();
    const header = parseHeader(head);
    const long = { x: "pax", g: "ignored", L: "path", K: "linkpath" }[header.type];
    if (long !== undefined) {
      if (header.size > maxExtended) throw broken("has an oversized header");
      const data = await bytes.take(header.size);
      await bytes.take(padding(header.size));
      if (long === "pax") extended = { ...extended, ...parsePax(data) };
      else if (long !== "ignored") extended = { ...extended, [long]: cString(data) };
      continue;
    }
    const size = extended["size"] === undefined ? header.size : Number(extended["size"]);
    if (!Number.isSafeInteger(size) || size < 0) throw broken("has an impossible size");
    const hasContent = kinds[header.type] === "file" || kinds[header.type] === undefined;
    const content = bytes.body(hasContent ? size : 0);
    const mtime = Number(extended["mtime"] ?? header.mtime);
    yield {
      kind: kinds[header.type] ?? "other",
      name: extended["path"] ?? header.name,
      target: extended["linkpath"] ?? header.target,
      mode: header.mode & 0o777,
      modifiedAt: new Date(Number.isFinite(mtime) ? mtime * 1000 : 0),
      size,
      content,
    };
    await skip(content); // a consumer may have stopped early
    await bytes.take(hasContent ? padding(size) : 0);
    extended = {};
  }
}

async function skip(content: AsyncIterable<Uint8Array>): Promise<void> {
  const rest = content[Symbol.asyncIterator]();
  while (!(await rest.next()).done);
}

const padding = (size: number): number => (block - (size % block)) % block;
const broken = (what: string): Failure => new Failure(`The archive ${what}.`, { code: "bad_archive" });

function parseHeader(head: Buffer) {
  const sum = head.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (sum !== number(head.subarray(148, 156))) throw broken("is damaged");
  const ustar = head.toString("latin1", 257, 263) === "ustar\0";
  const prefix = ustar ? cString(head.subarray(345, 500)) : "";
  const name = cString(head.subarray(0, 100));
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    mode: number(head.subarray(100, 108)),
    size: number(head.subarray(124, 136)),
    mtime: number(head.subarray(136, 148)),
    type: head.toString("latin1", 156, 157),
    target: cString(head.subarray(157, 257)),
  };
}

/** Octal digits, or where those do not suffice a big-endian number marked by its first bit. */
function number(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) !== 0)
    return field.subarray(1).reduce((total, byte) => total * 256 + byte, (field[0] ?? 0) & 0x7f);
  const digits = field.toString("latin1").replaceAll(/[\0 ]+/g, "");
  if (!/^[0-7]*$/.test(digits)) throw broken("is damaged");
  return digits === "" ? 0 : parseInt(digits, 8);
}

function cString(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString("latin1", 0, end < 0 ? field.length : end);
}

/** Records of `<length> <key>=<value>\n`. */
function parsePax(data: Buffer): Record<string, string> {
  const found: Record<string, string> = {};
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(0x20, at);
    const length = Number(data.toString("latin1", at, space));
    if (space < 0 || !Number.isInteger(length) || length <= space - at || at + length > data.length)
      throw broken("is damaged");
    const record = data.toString("latin1", space + 1, at + length - 1);
    const equals = record.indexOf("=");
    if (["path", "linkpath", "size", "mtime"].includes(record.slice(0, equals)))
      found[record.slice(0, equals)] = record.slice(equals + 1);
    at += length;
  }
  return found;
}

class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** So many bytes at most, at least one. */
  async #some(most: number): Promise<Buffer> {
    while (this.#chunk.length === 0) {
      const next = await this.#source.next();
      if (next.done) throw broken("was cut off");
      this.#chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
    const part = this.#chunk.subarray(0, most);
    this.#chunk = this.#chunk.subarray(part.length);
    return part;
  }

  async take(size: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = size; left > 0; left -= parts.at(-1)?.length ?? 0) parts.push(await this.#some(left));
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  /** May be iterated again for the rest. */
  body(size: number): AsyncIterable<Uint8Array> {
    let left = size;
    const some = (most: number) => this.#some(most);
    return {
      async *[Symbol.asyncIterator]() {
        while (left > 0) {
          const part = await some(left);
          left -= part.length;
          yield part;
        }
      },
    };
  }

  /** The filler behind the end, and an error that may stand in an answer's place. */
  async drain(): Promise<void> {
    for (let next = await this.#source.next(); !next.done;) next = await this.#source.next();
  }
}
