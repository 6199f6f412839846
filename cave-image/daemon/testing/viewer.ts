import { once } from "node:events";
import { vi } from "vitest";
import { WebSocket } from "ws";
import { token, type TestDaemon } from "./daemon.ts";
import { channel, type ClientControl, type ServerControl } from "#contract/frames.ts";

/** A client of a terminal that keeps all it is sent; it acknowledges unless told to stop. */
export class TestViewer implements Disposable {
  readonly controls: ServerControl[] = [];
  readonly snapshots: { offset: number; screen: string }[] = [];
  #chunks: Buffer[] = [];
  /** Offset of the next byte that it has not seen. */
  offset = 0;
  acknowledges: boolean;
  closeCode: number | undefined;
  readonly socket: WebSocket;

  private constructor(socket: WebSocket, acknowledges: boolean) {
    this.socket = socket;
    this.acknowledges = acknowledges;
    socket.on("message", (data: Buffer, isBinary) => this.#message(data, isBinary));
    socket.on("close", (code) => (this.closeCode = code));
  }

  static async connect(
    daemon: TestDaemon,
    id: string,
    since?: number,
    acknowledges = true,
  ): Promise<TestViewer> {
    const query = since === undefined ? "" : `?since=${since}`;
    const headers = { authorization: `Bearer ${token}` };
    const socket = new WebSocket(`ws://127.0.0.1:${daemon.port}/terminals/${id}/ws${query}`, {
      headers,
      perMessageDeflate: false,
    });
    const viewer = new TestViewer(socket, acknowledges);
    if (since !== undefined) viewer.offset = since;
    await once(socket, "open");
    await vi.waitFor(() => viewer.last("attached"));
    return viewer;
  }

  get output(): Buffer {
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }

  get text(): string {
    return this.output.toString();
  }

  last<T extends ServerControl["type"]>(type: T): Extract<ServerControl, { type: T }> {
    const found = this.controls.findLast((control) => control.type === type);
    if (!found) throw new Error(`No ${type} yet`);
    return found as Extract<ServerControl, { type: T }>;
  }

  type(text: string): void {
    this.socket.send(Buffer.concat([Buffer.of(channel.input), Buffer.from(text)]));
  }

  say(control: ClientControl): void {
    this.socket.send(JSON.stringify(control));
  }

  acknowledge(): void {
    this.say({ type: "ack", offset: this.offset });
  }

  async sees(text: string): Promise<void> {
    await vi.waitFor(
      () => {
        if (!this.text.includes(text) && !this.snapshots.some(({ screen }) => screen.includes(text)))
          throw new Error(`No ${text} in ${this.text.slice(-500)}`);
      },
      { timeout: 8000, interval: 10 },
    );
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }

  #message(data: Buffer, isBinary: boolean): void {
    if (!isBinary) {
      this.controls.push(JSON.parse(data.toString()) as ServerControl);
      return;
    }
    if (data[0] === channel.snapshot) {
      this.offset = Number(data.readBigUInt64BE(1));
      this.snapshots.push({ offset: this.offset, screen: data.subarray(9).toString() });
    } else {
      this.#chunks.push(data.subarray(1));
      this.offset += data.length - 1;
    }
    if (this.acknowledges) this.acknowledge();
  }
}
