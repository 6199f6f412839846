import { connect, type Socket } from "node:net";

/** Numbers of the X Window System Protocol, X Version 11. */
const request = { changeWindowAttributes: 2, internAtom: 16, getProperty: 20 } as const;
const message = { error: 0, reply: 1, destroyNotify: 17, propertyNotify: 28, genericEvent: 35 } as const;
const eventMask = 0x800;
const masks = { end: 0x2_0000, properties: 0x40_0000 } as const;

const messageBytes = 32;
/** More than any answer that is asked for; a longer one is not from an X server. */
const mostBytes = 65_536;
/** For an answer that somebody waits for. */
const answerMs = 5_000;

export interface XProperty {
  /** The atom that names its type; 0: the window has no such property. */
  readonly type: number;
  readonly value: Buffer;
}

export interface XListener {
  onChange?: (window: number, property: number) => void;
  onEnd?: (window: number) => void;
  onClose?: () => void;
}

interface Waiting {
  sequence: number;
  /** Without an argument the server answered with an error: as a rule the window is gone. */
  resolve: (reply?: Buffer) => void;
  reject: (reason: Error) => void;
}

/**
 * As much of an X client as it takes to read properties and to hear when they change: a socket, where xprop would be a process for each look. Whatever
 * listens there is a program of the cave. Its answers are bounded, and one that makes no sense ends the connection.
 */
export class XConnection implements Disposable {
  readonly #socket: Socket;
  readonly #opened = Promise.withResolvers<undefined>();
  readonly #waiting: Waiting[] = [];
  readonly #atoms = new Map<string, Promise<number>>();
  readonly #listener: XListener;
  #data: Buffer = Buffer.alloc(0);
  #root: number | undefined;
  #sequence = 0;

  private constructor(path: string, listener: XListener) {
    this.#listener = listener;
    this.#socket = connect(path);
    this.#socket.unref();
    this.#socket.setTimeout(answerMs, () => this.#socket.destroy());
    this.#socket.on("error", () => undefined); // `close` follows
    this.#socket.on("data", (data: Buffer) => this.#take(data));
    this.#socket.once("close", () => this.#close());
    const hello = Buffer.alloc(12);
    hello.write("l"); // little-endian
    hello.writeUInt16LE(11, 2);
    this.#socket.write(hello);
  }

  static async open(path: string, listener: XListener = {}): Promise<XConnection> {
    const connection = new XConnection(path, listener);
    await connection.#opened.promise;
    return connection;
  }

  get root(): number {
    return this.#root ?? 0;
  }

  get closed(): boolean {
    return this.#socket.destroyed;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  atom(name: string): Promise<number> {
    let atom = this.#atoms.get(name);
    if (atom === undefined) this.#atoms.set(name, (atom = this.#intern(name)));
    return atom;
  }

  /** From now on the listener is told when one of the window's properties changes, or when the window ends. */
  listen(window: number, to: keyof typeof masks): void {
    const body = Buffer.alloc(12);
    body.writeUInt32LE(window, 0);
    body.writeUInt32LE(eventMask, 4);
    body.writeUInt32LE(masks[to], 8);
    this.#send(request.changeWindowAttributes, body);
  }

  /** At most so many bytes of it; undefined when there is no such window. */
  async property(window: number, property: number, most: number): Promise<XProperty | undefined> {
    const body = Buffer.alloc(20);
    body.writeUInt32LE(window, 0);
    body.writeUInt32LE(property, 4);
    body.writeUInt32LE(Math.ceil(most / 4), 16);
    const reply = await this.#ask(request.getProperty, body);
    if (!reply) return undefined;
    const bytes = reply.readUInt32LE(16) * ((reply[1] ?? 0) / 8);
    return {
      type: reply.readUInt32LE(8),
      value: reply.subarray(messageBytes, messageBytes + Math.min(bytes, most)),
    };
  }

  async #intern(name: string): Promise<number> {
    const body = Buffer.alloc(4 + padded(name.length));
    body.writeUInt16LE(name.length, 0);
    body.write(name, 4, "latin1");
    const reply = await this.#ask(request.internAtom, body);
    return reply?.readUInt32LE(8) ?? 0;
  }

  #ask(code: number, body: Buffer): Promise<Buffer | undefined> {
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(gone());
        return;
      }
      this.#send(code, body);
      this.#waiting.push({ sequence: this.#sequence, resolve, reject });
      this.#socket.setTimeout(answerMs);
    });
  }

  #send(code: number, body: Buffer): void {
    const head = Buffer.alloc(4);
    head[0] = code;
    head.writeUInt16LE((head.length + body.length) / 4, 2);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#socket.write(Buffer.concat([head, body]));
  }

  #take(data: Buffer): void {
    this.#data = this.#data.length === 0 ? data : Buffer.concat([this.#data, data]);
    while (!this.closed) {
      const size = this.#root === undefined ? setupSize(this.#data) : messageSize(this.#data);
      if (size > mostBytes) this.#socket.destroy();
      if (this.#data.length < size || size > mostBytes) return;
      const whole = this.#data.subarray(0, size);
      this.#data = this.#data.subarray(size);
      if (this.#root === undefined) this.#begin(whole);
      else this.#heed(whole);
    }
  }

  #begin(setup: Buffer): void {
    const root = rootOf(setup);
    if (root === undefined) {
      this.#socket.destroy();
      return;
    }
    this.#root = root;
    this.#socket.setTimeout(0);
    this.#opened.resolve(undefined);
  }

  #heed(whole: Buffer): void {
    const kind = (whole[0] ?? 0) & 0x7f;
    if (kind === message.propertyNotify)
      this.#listener.onChange?.(whole.readUInt32LE(4), whole.readUInt32LE(8));
    if (kind === message.destroyNotify) this.#listener.onEnd?.(whole.readUInt32LE(8));
    if (kind !== message.error && kind !== message.reply) return;
    // An error of a request that nobody waits for comes between the answers.
    if (this.#waiting[0]?.sequence !== whole.readUInt16LE(2)) return;
    this.#waiting.shift()?.resolve(kind === message.reply ? whole : undefined);
    if (this.#waiting.length === 0) this.#socket.setTimeout(0);
  }

  #close(): void {
    this.#opened.reject(gone());
    for (const { reject } of this.#waiting.splice(0)) reject(gone());
    this.#listener.onClose?.();
  }
}

const gone = () => new Error("The X server is gone.");
const padded = (length: number) => Math.ceil(length / 4) * 4;

/** The answer to the first message says its own length once it is eight bytes long. */
const setupSize = (data: Buffer) => (data.length < 8 ? 8 : 8 + 4 * data.readUInt16LE(6));

function messageSize(data: Buffer): number {
  if (data.length < messageBytes) return messageBytes;
  const kind = (data[0] ?? 0) & 0x7f;
  const more = kind === message.reply || kind === message.genericEvent;
  return messageBytes + (more ? 4 * data.readUInt32LE(4) : 0);
}

/** The first screen's root window, behind the vendor's name and the pixel formats; undefined when the server refuses. */
function rootOf(setup: Buffer): number | undefined {
  if (setup[0] !== 1 || setup.length < 40) return undefined;
  const at = 40 + padded(setup.readUInt16LE(24)) + 8 * (setup[29] ?? 0);
  return at + 4 <= setup.length ? setup.readUInt32LE(at) : undefined;
}
