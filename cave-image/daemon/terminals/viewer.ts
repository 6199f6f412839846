import type { WebSocket } from "ws";
import { logError } from "../lib/log.ts";
import { withoutReports } from "./reports.ts";
import { SendWindow } from "./send-window.ts";
import type { LiveTerminal } from "./terminal.ts";
import { channel, closeCode, type ClientControl, type ServerControl } from "#contract/frames.ts";

const mostAtOnce = 65_536;
const mostEarly = 64;

/**
 * One connection to a terminal. It takes output from the terminal's ring as far as its credit goes; one that has fallen behind what the ring holds
 * gets the screen instead of what it missed.
 */
export class Viewer {
  size: { cols: number; rows: number } | undefined;
  readonly #terminal: LiveTerminal;
  readonly #socket: WebSocket;
  #sent = 0;
  #acked = 0;
  readonly #window = new SendWindow();
  /** Below this, what it sees was said before it came: its terminal's answers are not wanted. */
  #replayedTo = 0;
  #making = false;
  /** Of the last screen sent. A second one only when this was taken: an idle reader must not pile them up. */
  #snapshotOffset = 0;
  #attached = false;
  /** What it said before it was attached, which takes a moment. */
  readonly #early: { data: Buffer; isBinary: boolean }[] = [];
  #done = false;

  constructor(terminal: LiveTerminal, socket: WebSocket) {
    this.#terminal = terminal;
    this.#socket = socket;
  }

  /** True while output waits for this viewer's acknowledgement. */
  get isBehind(): boolean {
    return this.#attached && this.#sent - this.#acked >= this.#window.size;
  }

  async attach(since: number | undefined): Promise<void> {
    const { ring } = this.#terminal;
    await this.#terminal.settled(); // the screen has answered all questions up to here: nobody else will
    if (this.#done) return;
    const resumed = since !== undefined && since >= ring.start && since <= ring.end;
    this.#replayedTo = ring.end;
    if (resumed) {
      this.#sent = this.#acked = since;
      this.#window.begin(since);
    }
    this.#attached = true;
    this.#terminal.add(this);
    this.#say({
      type: "attached",
      offset: resumed ? since : ring.end,
      ...this.#terminal.state(this),
      resumed,
    });
    if (this.#terminal.title !== "") this.#say({ type: "title", title: this.#terminal.title });
    for (const { data, isBinary } of this.#early.splice(0)) this.message(data, isBinary);
    if (!resumed) await this.#sendSnapshot();
    this.pump();
  }

  /** Sends what may be sent. */
  pump(): void {
    const { ring } = this.#terminal;
    if (!this.#attached || this.#done || this.#making) return;
    if (this.#sent < ring.start) {
      if (this.#acked >= this.#snapshotOffset && !this.isBehind)
        void this.#sendSnapshot().then(() => this.pump());
      return;
    }
    while (this.#sent < ring.end && !this.isBehind) {
      const room = this.#window.size - (this.#sent - this.#acked);
      const data = ring.read(this.#sent, Math.min(mostAtOnce, room));
      this.#socket.send(Buffer.concat([Buffer.of(channel.output), data]));
      this.#sent += data.length;
      this.#window.sent(this.#sent, performance.now());
    }
    if (this.#sent === ring.end && this.#terminal.exit) this.#finish(this.#terminal.exit);
  }

  message(data: Buffer, isBinary: boolean): void {
    if (!this.#attached) {
      if (this.#early.length === mostEarly) {
        this.#socket.terminate();
        return;
      }
      this.#early.push({ data, isBinary });
      return;
    }
    if (isBinary) {
      if (data[0] === channel.input) this.#input(data.subarray(1));
      return;
    }
    const control = parseControl(data);
    switch (control?.type) {
      case "ack":
        this.#acked = Math.max(this.#acked, Math.min(control.offset, this.#sent));
        this.#window.acknowledged(this.#acked, performance.now());
        this.pump();
        this.#terminal.creditChanged();
        return;
      case "resize":
        this.size = { cols: control.cols, rows: control.rows };
        if (this.#terminal.isController(this)) this.#terminal.resize(control.cols, control.rows);
        return;
      case "takeover": {
        this.#terminal.takeOver(this);
        return;
      }
      case "ping": {
        this.#say({ type: "pong", id: control.id });
        return;
      }
      case undefined:
        return;
    }
  }

  announce(control: ServerControl): void {
    if (this.#attached) this.#say(control);
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  /** Its connection is gone. */
  detach(): void {
    this.#done = true;
    this.#terminal.remove(this);
  }

  #input(data: Buffer): void {
    if (!this.#terminal.isController(this)) return;
    const wanted = this.#acked < this.#replayedTo ? withoutReports(data) : data;
    if (wanted.length > 0 && !this.#terminal.write(wanted)) this.#socket.close(1009);
  }

  async #sendSnapshot(): Promise<void> {
    this.#making = true;
    try {
      const { offset, screen } = await this.#terminal.snapshot();
      if (this.#done) return;
      const head = Buffer.alloc(9);
      head[0] = channel.snapshot;
      head.writeBigUInt64BE(BigInt(offset), 1);
      this.#socket.send(Buffer.concat([head, Buffer.from(screen)]));
      this.#sent = this.#snapshotOffset = offset;
      this.#acked = Math.max(0, offset - 1);
      this.#window.begin(offset);
    } catch (error) {
      logError("A terminal's screen could not be sent", error);
      this.#socket.terminate();
    } finally {
      this.#making = false;
    }
  }

  #finish(exit: { exitCode: number | null; signal?: string }): void {
    this.#done = true;
    this.#say({ type: "exit", ...exit });
    this.#socket.close(closeCode.exited);
  }

  #say(control: ServerControl): void {
    this.#socket.send(JSON.stringify(control));
  }
}

function parseControl(data: Buffer): ClientControl | undefined {
  let value: unknown;
  try {
    value = JSON.parse(data.toString());
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return undefined;
  const number = (name: string, least: number, most: number) => {
    const field = (value as Record<string, unknown>)[name];
    return typeof field === "number" && Number.isSafeInteger(field) && field >= least && field <= most
      ? field
      : undefined;
  };
  const cols = number("cols", 2, 1000);
  const rows = number("rows", 1, 500);
  const offset = number("offset", 0, Number.MAX_SAFE_INTEGER);
  const id = number("id", 0, Number.MAX_SAFE_INTEGER);
  if (value.type === "resize" && cols !== undefined && rows !== undefined)
    return { type: "resize", cols, rows };
  if (value.type === "ack" && offset !== undefined) return { type: "ack", offset };
  if (value.type === "ping" && id !== undefined) return { type: "ping", id };
  return value.type === "takeover" ? { type: "takeover" } : undefined;
}
