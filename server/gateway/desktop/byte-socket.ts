import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { FrameReader } from "./frame-reader.ts";
import { closeFrame, frameHead, opcode } from "./frames.ts";
import { agree } from "./handshake.ts";
import { SocketError } from "./socket-error.ts";

/** noVNC has no sign of life of its own, and what stands between drops connections that are silent. */
const pingEveryMs = 25_000;
const farewellMs = 2_000;

export interface ByteSocketOptions {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  subprotocol: string;
  /** What the client sends. One that throws a `SocketError` has the client told, and the socket closed. */
  onData: (bytes: Buffer) => void;
}

/** The server's end of a WebSocket whose binary messages, put together, are a stream of bytes each way. */
export class ByteSocket {
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  readonly #socket: Duplex;
  readonly #reader: FrameReader;
  readonly #pinging: NodeJS.Timeout;
  #heard = true;
  #ending = false;

  /** Makes the handshake; throws where the request is none. */
  constructor({ request, socket, head, subprotocol, onData }: ByteSocketOptions) {
    const answer = agree(request, subprotocol);
    this.#socket = socket;
    this.#reader = new FrameReader({
      data: onData,
      ping: (payload) => this.#send(opcode.pong, payload),
      close: (code) => this.close(code >= 1000 && code !== 1005 && code !== 1006 ? code : 1002, ""),
    });
    this.#pinging = setInterval(() => this.#ping(), pingEveryMs);
    this.closed = new Promise((resolve) => {
      const gone = () => {
        clearInterval(this.#pinging);
        resolve();
      };
      if (socket.closed) gone();
      else socket.once("close", gone);
    });
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.once("end", () => socket.destroy());
    socket.write(answer);
    if (head.length > 0) this.#read(head);
    socket.resume();
  }

  /** Sends one message; false: wait for `onDrain` before the next. */
  write(bytes: Buffer): boolean {
    if (this.#ending) return true;
    const socket = this.#socket;
    socket.cork();
    socket.write(frameHead(opcode.binary, bytes.length));
    const more = socket.write(bytes);
    socket.uncork();
    return more;
  }

  onDrain(listener: () => void): void {
    this.#socket.on("drain", listener);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(code: number, reason: string): void {
    if (this.#ending) return;
    this.#ending = true;
    const socket = this.#socket;
    socket.end(closeFrame(code, reason));
    const timer = setTimeout(() => socket.destroy(), farewellMs);
    socket.once("finish", () => socket.resume()); // its own goodbye may be behind what nobody reads any more
    void this.closed.then(() => clearTimeout(timer));
  }

  #read(chunk: Buffer): void {
    this.#heard = true;
    if (this.#ending) return;
    try {
      this.#reader.push(chunk);
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      this.close(error.code, error.message);
    }
  }

  #ping(): void {
    // One that is read from and stays silent is dead; one that is paused is only slow.
    if (!this.#heard && !this.#socket.isPaused()) this.#socket.destroy();
    else this.#send(opcode.ping, Buffer.alloc(0));
    this.#heard = false;
  }

  #send(kind: number, payload: Buffer): void {
    if (!this.#ending) this.#socket.write(Buffer.concat([frameHead(kind, payload.length), payload]));
  }
}
