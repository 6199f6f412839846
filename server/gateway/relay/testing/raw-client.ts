import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface RawClient extends Disposable {
  socket: Socket;
  /** All that has arrived, in latin1. */
  readonly text: string;
  readonly closed: boolean;
  /** The other side sent a FIN, and not a reset. */
  readonly ended: boolean;
  send(data: string | Buffer): void;
  /** Waits until what has arrived matches. */
  until(pattern: RegExp): Promise<string>;
  /** Waits until the connection is closed, and returns what had arrived. */
  end(): Promise<string>;
}

/** A client that says exactly the bytes it is told to. */
export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  let text = "";
  const state = { closed: false, ended: false };
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of [...waiting]) look();
  };
  socket.setNoDelay(true);
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    wake();
  });
  socket.on("end", () => {
    state.ended = true;
    socket.end();
  });
  socket.on("close", () => {
    state.closed = true;
    wake();
  });
  await once(socket, "connect");
  const wait = (done: () => boolean) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (done()) resolve(text);
        else if (state.closed) reject(new Error(`closed after: ${text}`));
        else return;
        waiting.delete(look);
      };
      waiting.add(look);
      look();
    });
  return {
    socket,
    get text() {
      return text;
    },
    get closed() {
      return state.closed;
    },
    get ended() {
      return state.ended;
    },
    send: (data) => void socket.write(typeof data === "string" ? Buffer.from(data, "latin1") : data),
    until: (pattern) => wait(() => pattern.test(text)),
    end: () => wait(() => state.closed),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** Sends one request and returns everything up to the end of the connection. */
export async function rawRequest(port: number, request: string): Promise<string> {
  using client = await rawClient(port);
  client.send(request);
  return await client.end();
}
