import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import WebSocket from "ws";
import { ackBytes, channel, closeCode, type ClientControl, type ServerControl } from "#contract/frames.ts";

export interface LinkOptions {
  /** Of the terminal's socket, without `since`. */
  readonly url: string;
  readonly token: string | undefined;
  readonly size: () => { cols: number; rows: number };
  /** Takes the screen's bytes, in order; resolves when they are shown. */
  readonly show: (data: Uint8Array, kind: "output" | "snapshot") => Promise<void>;
  /** How long the gateway may be away. */
  readonly giveUpAfterMs?: number;
  /** A link that is silent for so long after a ping is taken for dead. */
  readonly silentMs?: number;
}

export type Ending =
  | { kind: "exited"; exitCode: number | null; signal?: string }
  | { kind: "gone" | "taken-over" | "lost" | "closed" }
  | { kind: "refused"; status: number };

interface Events {
  attached: [];
  /** The connection broke off; it is being made again. */
  detached: [];
  title: [string];
}

/** Keystrokes kept for when the link is back. */
const maxPending = 65_536;

/**
 * The way to one terminal, across as many connections as it takes. Output is counted, so that a new connection goes on with the byte after
 * the last one seen.
 */
export class TerminalLink extends EventEmitter<Events> implements Disposable {
  readonly ended: Promise<Ending>;
  readonly #options: Required<LinkOptions>;
  readonly #end: (ending: Ending) => void;
  #socket: WebSocket | undefined;
  #attached = false;
  #control = true;
  #over = false;
  /** The next byte of output that has not been seen; undefined while nothing has. */
  #offset: number | undefined;
  #acknowledged = 0;
  #showing: Promise<void> = Promise.resolve();
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #downSince = performance.now();
  #attempts = 0;
  #retry: NodeJS.Timeout | undefined;
  #heart: NodeJS.Timeout | undefined;
  #heard = 0;
  #exit: Extract<ServerControl, { type: "exit" }> | undefined;

  constructor(options: LinkOptions) {
    super();
    this.#options = { giveUpAfterMs: 120_000, silentMs: 10_000, ...options };
    const { promise, resolve } = Promise.withResolvers<Ending>();
    this.ended = promise;
    this.#end = (ending) => {
      if (this.#over) return;
      this.#over = true;
      clearTimeout(this.#retry);
      clearInterval(this.#heart);
      // What came before the end is shown before anybody hears of it.
      void this.#showing.then(() => resolve(ending));
    };
    this.#connect();
  }

  /** Typed bytes; kept while the link is down. */
  type(data: Buffer): void {
    if (this.#attached) {
      // Somebody else's input counts at the moment: whoever types last is the one in front of it.
      if (!this.#control) this.#takeOver();
      this.#socket?.send(Buffer.concat([Buffer.of(channel.input), data]));
      return;
    }
    if (this.#pendingBytes + data.length > maxPending) return;
    this.#pending.push(data);
    this.#pendingBytes += data.length;
  }

  resized(): void {
    this.#send({ type: "resize", ...this.#options.size() });
  }

  /** Leaves; the terminal goes on. */
  [Symbol.dispose](): void {
    this.#end({ kind: "closed" });
    this.#socket?.close(1000);
    const socket = this.#socket;
    setTimeout(() => socket?.terminate(), 1000).unref();
  }

  #takeOver(): void {
    this.#control = true;
    this.#send({ type: "takeover" });
    this.resized();
  }

  #send(control: ClientControl): void {
    if (this.#attached) this.#socket?.send(JSON.stringify(control));
  }

  #connect(): void {
    const { url, token } = this.#options;
    const since = this.#offset === undefined ? "" : `?since=${this.#offset}`;
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const socket = new WebSocket(url + since, {
      headers,
      perMessageDeflate: false,
      handshakeTimeout: 10_000,
    });
    this.#socket = socket;
    socket.on("unexpected-response", (_request, response: IncomingMessage) => {
      const status = response.statusCode ?? 0;
      response.destroy();
      socket.terminate();
      if (status === 404) this.#end({ kind: "gone" });
      else if (status >= 400 && status < 500 && status !== 429) this.#end({ kind: "refused", status });
      else this.#lost(socket);
    });
    socket.on("message", (data: Buffer, isBinary) => {
      this.#heard = performance.now();
      if (isBinary) this.#bytes(socket, data);
      else this.#heed(JSON.parse(data.toString("utf8")) as ServerControl);
    });
    socket.on("error", () => undefined); // "close" follows
    socket.on("close", (code) => this.#closed(socket, code));
  }

  #closed(socket: WebSocket, code: number): void {
    if (code === closeCode.exited || this.#exit) {
      const { exitCode = null, signal } = this.#exit ?? {};
      this.#end({ kind: "exited", exitCode, ...(signal !== undefined && { signal }) });
    } else if (code === closeCode.takenOver) this.#end({ kind: "taken-over" });
    else if (code === closeCode.gone) this.#end({ kind: "gone" });
    else this.#lost(socket);
  }

  #lost(socket: WebSocket): void {
    if (this.#over || socket !== this.#socket) return;
    this.#socket = undefined;
    clearInterval(this.#heart);
    const now = performance.now();
    if (this.#attached) {
      this.#attached = false;
      this.#downSince = now;
      this.#attempts = 0;
      this.emit("detached");
    }
    if (now - this.#downSince > this.#options.giveUpAfterMs) {
      this.#end({ kind: "lost" });
      return;
    }
    const wait = Math.min(2000, 50 * 2 ** this.#attempts++) * (0.5 + Math.random() / 2);
    // Only output that was shown counts as seen; it may still be on its way to a slow screen.
    void this.#showing.then(() => {
      if (!this.#over) this.#retry = setTimeout(() => this.#connect(), wait);
    });
  }

  #heed(message: ServerControl): void {
    switch (message.type) {
      case "attached":
        if (!message.resumed) this.#offset = undefined;
        this.#attach();
        this.#takeOver();
        for (const data of this.#pending.splice(0)) this.type(data);
        this.#pendingBytes = 0;
        this.emit("attached");
        return;
      case "exit":
        this.#exit = message;
        return;
      case "title":
        this.emit("title", message.title);
        return;
      case "viewers":
        this.#control = message.control;
        return;
      case "size":
      case "pong":
        return;
    }
  }

  #attach(): void {
    this.#attached = true;
    const { silentMs } = this.#options;
    let pings = 0;
    this.#heart = setInterval(() => {
      // A whole round without an answer to the last ping: nothing comes through any more.
      if (pings > 0 && performance.now() - this.#heard > silentMs * 1.5) this.#socket?.terminate();
      this.#send({ type: "ping", id: ++pings });
    }, silentMs);
  }

  #bytes(socket: WebSocket, data: Buffer): void {
    if (data[0] === channel.output) this.#take(socket, data.subarray(1), "output");
    else if (data[0] === channel.snapshot && data.length >= 9) {
      this.#offset = Number(data.readBigUInt64BE(1));
      this.#acknowledged = this.#offset;
      this.#take(socket, data.subarray(9), "snapshot");
    }
  }

  #take(socket: WebSocket, data: Buffer, kind: "output" | "snapshot"): void {
    if (kind === "output") this.#offset = (this.#offset ?? 0) + data.length;
    const offset = this.#offset ?? 0;
    this.#showing = this.#showing
      .then(() => this.#options.show(data, kind))
      .then(() => {
        const all = offset === this.#offset;
        if (socket !== this.#socket || (!all && offset - this.#acknowledged < ackBytes)) return;
        this.#acknowledged = offset;
        this.#send({ type: "ack", offset });
      })
      .catch(() => undefined); // the screen has gone, and with it whoever looked
  }
}
