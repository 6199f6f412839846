import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";

const string = 31;
const utf8 = 300;
const anyType = 4;

interface Property {
  type: number;
  format: 8 | 32;
  value: Buffer;
}

/** What an X server holds and tells of windows' properties, without screen or input. */
export interface FakeXServer extends AsyncDisposable {
  readonly root: number;
  readonly connections: ReadonlySet<Socket>;
  /** Whose properties were asked for and told, once for each. */
  readonly asked: readonly number[];
  /** Sets the list of windows that the window manager keeps. */
  list(...windows: number[]): void;
  /** Ends a window. */
  end(window: number): void;
  /** A window, by its properties: text, or names of atoms. */
  window(id: number, properties: Record<string, string | Buffer | string[]>): void;
}

/** `answer` stands in for the server's answers to requests of that code. */
export async function startXServer(
  path: string,
  answer: Partial<Record<"setup" | number, (socket: Socket) => void>> = {},
): Promise<FakeXServer> {
  const root = 0x123;
  const atoms = ["WM_NAME", "WM_CLASS"];
  const atomOf = (name: string) => {
    if (name === "WM_NAME") return 39;
    if (name === "WM_CLASS") return 67;
    if (!atoms.includes(name)) atoms.push(name);
    return 100 + atoms.indexOf(name);
  };
  const windows = new Map<number, Map<number, Property>>([[root, new Map()]]);
  const listening = new Map<Socket, Set<number>>();
  const asked: number[] = [];

  const set = (window: number, name: string, property: Property) => {
    const properties = windows.get(window) ?? new Map<number, Property>();
    windows.set(window, properties.set(atomOf(name), property));
    notify(28, window, atomOf(name));
  };
  const notify = (kind: number, window: number, what: number) => {
    const event = Buffer.alloc(32);
    event[0] = kind;
    event.writeUInt32LE(window, 4);
    event.writeUInt32LE(what, 8);
    for (const [socket, wanted] of listening) if (wanted.has(window)) socket.write(event);
  };
  const numbers = (values: readonly number[]) => {
    const value = Buffer.alloc(4 * values.length);
    values.forEach((number, index) => value.writeUInt32LE(number, 4 * index));
    return value;
  };

  const respond = (socket: Socket, sequence: number, request: Buffer) => {
    const [code = 0] = request;
    const head = Buffer.alloc(32);
    head[0] = 1;
    head.writeUInt16LE(sequence, 2);
    if (answer[code]) answer[code](socket);
    else if (code === 2) listening.get(socket)?.add(request.readUInt32LE(4));
    else if (code === 16) {
      const name = request.toString("latin1", 8, 8 + request.readUInt16LE(4));
      head.writeUInt32LE(atomOf(name), 8);
      socket.write(head);
    } else {
      const window = request.readUInt32LE(4);
      asked.push(window);
      const properties = windows.get(window);
      if (!properties) {
        head[0] = 0;
        socket.write(head);
        return;
      }
      const { type, format, value } = properties.get(request.readUInt32LE(8)) ?? {
        ...{ type: 0, format: 8, value: Buffer.alloc(0) },
      };
      const part = value.subarray(0, 4 * request.readUInt32LE(20));
      const padding = Buffer.alloc((4 - (part.length % 4)) % 4);
      head[1] = format;
      head.writeUInt32LE((part.length + padding.length) / 4, 4);
      head.writeUInt32LE(type, 8);
      head.writeUInt32LE(part.length / (format / 8), 16);
      socket.write(Buffer.concat([head, part, padding]));
    }
  };

  const server = createServer((socket) => {
    let data = Buffer.alloc(0);
    let sequence = -1;
    listening.set(socket, new Set());
    socket.on("error", () => undefined).on("close", () => listening.delete(socket));
    socket.on("data", (chunk: Buffer) => {
      data = Buffer.concat([data, chunk]);
      for (;;) {
        const size = sequence < 0 ? 12 : data.length < 4 ? Infinity : 4 * data.readUInt16LE(2);
        if (data.length < size) return;
        const request = data.subarray(0, size);
        data = data.subarray(size);
        sequence++;
        if (sequence > 0) respond(socket, sequence, request);
        else if (answer.setup) answer.setup(socket);
        else socket.write(setup(root));
      }
    });
  }).listen(path);
  await once(server, "listening");

  return {
    root,
    asked,
    get connections() {
      return new Set(listening.keys());
    },
    list: (...ids) => set(root, "_NET_CLIENT_LIST", { type: 33, format: 32, value: numbers(ids) }),
    end(id) {
      windows.delete(id);
      notify(17, id, id);
    },
    window(id, properties) {
      windows.set(id, new Map());
      for (const [name, value] of Object.entries(properties)) {
        if (Array.isArray(value))
          set(id, name, { type: anyType, format: 32, value: numbers(value.map(atomOf)) });
        else
          set(id, name, {
            type: name.startsWith("_NET") ? utf8 : string,
            format: 8,
            value:
              typeof value === "string" ? Buffer.from(value, name === "WM_NAME" ? "latin1" : "utf8") : value,
          });
      }
    },
    async [Symbol.asyncDispose]() {
      for (const socket of listening.keys()) socket.destroy();
      server.close();
      await once(server, "close");
      await rm(path, { force: true });
    },
  };
}

function setup(root: number): Buffer {
  const vendor = 7; // padded to 8
  const formats = 2;
  const answer = Buffer.alloc(8 + 32 + 8 + 8 * formats + 40);
  answer[0] = 1;
  answer.writeUInt16LE((answer.length - 8) / 4, 6);
  answer.writeUInt16LE(vendor, 24);
  answer[29] = formats;
  answer.writeUInt32LE(root, 40 + 8 + 8 * formats);
  return answer;
}
