import { Emitter } from "../lib/emitter.ts";
import { readControl } from "./server-control.ts";
import type { Exit, Look, Phase, SessionState } from "./session-state.ts";
import { ackBytes, channel, closeCode, type ClientControl, type ServerControl } from "#contract/frames.ts";

/** What shows the terminal. Calls come in the order of the output and are to be done in that order. */
export interface TerminalScreen {
  /** `done` when it has been taken in. */
  write(data: Uint8Array, done: () => void): void;
  /** Forgets everything and shows this. */
  replace(data: Uint8Array, done: () => void): void;
  resize(cols: number, rows: number): void;
}

export interface SessionOptions {
  readonly screen: TerminalScreen;
  readonly url: (since: number | undefined) => string;
  /** The size that the screen has room for. */
  readonly size: () => { cols: number; rows: number } | undefined;
  /** A socket that fails says nothing; this finds out why. */
  readonly look: (signal: AbortSignal) => Promise<Look>;
  readonly connect?: (url: string) => WebSocket;
  /** From the first failure on; the last one goes on for ever. */
  readonly backOffMs?: readonly number[];
  readonly pingMs?: number;
}

/** A gateway that restarts is back within a second or two; one that is gone for longer is not pressed. */
const backOffMs = [250, 250, 500, 500, 500, 500, 1_000, 1_000, 2_000, 4_000, 8_000, 15_000];
const pingMs = 10_000;
/** Keystrokes kept for when the connection is back. */
const mostHeld = 65_536;

/**
 * The way to one terminal, across as many connections as it takes. Output is counted, so that a new connection goes on with the byte after the last
 * one that arrived. Knows nothing of the DOM.
 */
export class TerminalSession implements Disposable {
  readonly changed = new Emitter<SessionState>();
  readonly #options: SessionOptions;
  #state: SessionState = {
    phase: { kind: "connecting" },
    viewers: 0,
    control: false,
    cols: 0,
    rows: 0,
    title: "",
  };
  #socket: WebSocket | undefined;
  #looking: AbortController | undefined;
  /** The next byte of output that has not arrived; undefined while nothing has. */
  #offset: number | undefined;
  #taken = 0;
  /** Bytes that the screen has been given and has not taken in. */
  #pending = 0;
  #acknowledged = 0;
  /** Whether it had control when the connection broke. */
  #hadControl = false;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #heart: ReturnType<typeof setInterval> | undefined;
  #pinged = 0;
  #ponged = 0;
  #exit: Exit | undefined;
  #visible = true;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#connect();
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Offset after the last byte of output that the screen has taken in. */
  get offset(): number {
    return this.#taken;
  }

  /** False when nobody will ever read it: somebody else has control, or the terminal has ended. */
  type(data: Uint8Array): boolean {
    switch (this.#state.phase.kind) {
      case "attached":
        if (!this.#state.control) return false;
        this.#socket?.send(framed(data));
        return true;
      case "connecting":
      case "waiting":
      case "suspended":
        if (this.#heldBytes + data.length > mostHeld) return false;
        this.#held.push(data);
        this.#heldBytes += data.length;
        return true;
      case "exited":
      case "gone":
      case "refused":
      case "disposed":
        return false;
    }
  }

  takeControl(): void {
    this.#say({ type: "takeover" });
    this.resized();
  }

  /** The screen has room for another size; it is the terminal's when this session has control. */
  resized(): void {
    const size = this.#options.size();
    if (size) this.#say({ type: "resize", ...size });
  }

  /** Tries at once what would be tried later. */
  reconnect(): void {
    const { kind } = this.#state.phase;
    if (kind !== "waiting" && kind !== "suspended" && kind !== "refused") return;
    this.#failures = 0;
    this.#connect();
  }

  /** Browsers let a page that nobody sees work once a second or less: it must not keep a busy program waiting. */
  set visible(visible: boolean) {
    this.#visible = visible;
    if (visible) this.reconnect();
  }

  [Symbol.dispose](): void {
    this.#enter({ kind: "disposed" });
    this.changed.clear();
  }

  #connect(): void {
    this.#close();
    this.#set({ phase: { kind: "connecting" } });
    const url = this.#options.url(this.#offset);
    const socket = this.#options.connect?.(url) ?? new WebSocket(url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("message", ({ data }: { data: unknown }) => {
      if (socket !== this.#socket) return;
      if (typeof data === "string") {
        const control = readControl(data);
        if (control) this.#heed(control);
      } else this.#bytes(new Uint8Array(data as ArrayBuffer));
    });
    socket.addEventListener("error", () => undefined); // "close" follows
    socket.addEventListener("close", ({ code }) => {
      if (socket === this.#socket) this.#closed(code);
    });
  }

  #closed(code: number): void {
    const wasAttached = this.#state.phase.kind === "attached";
    if (code === closeCode.exited || this.#exit) {
      this.#enter({ kind: "exited", exit: this.#exit ?? { exitCode: null } });
    } else if (code === closeCode.gone) this.#enter({ kind: "gone" });
    else if (wasAttached)
      this.#wait(code === closeCode.restarting ? "Ghost is restarting." : "The connection broke off.");
    else void this.#findOut();
  }

  /** The browser does not tell why a socket could not be opened; the API does. */
  async #findOut(): Promise<void> {
    this.#close();
    const looking = (this.#looking = new AbortController());
    const look = await this.#options
      .look(AbortSignal.any([looking.signal, AbortSignal.timeout(5_000)]))
      .catch((): Look => ({ kind: "away", cause: "Ghost does not answer." }));
    if (looking.signal.aborted) return;
    switch (look.kind) {
      case "there":
        this.#wait("The connection could not be made.");
        return;
      case "away":
        this.#wait(look.cause);
        return;
      case "gone":
      case "refused":
        this.#enter(look);
    }
  }

  #wait(cause: string): void {
    this.#close();
    const steps = this.#options.backOffMs ?? backOffMs;
    const step = steps[Math.min(this.#failures++, steps.length - 1)] ?? 1_000;
    const wait = step * (0.75 + Math.random() / 4); // not all pages at the same moment
    this.#set({ phase: { kind: "waiting", cause, retryAt: Date.now() + wait } });
    this.#retry = setTimeout(() => this.#connect(), wait);
  }

  /** A phase in which nothing is connected or tried. */
  #enter(phase: Phase): void {
    this.#close();
    this.#set({ phase });
  }

  #close(): void {
    clearTimeout(this.#retry);
    clearInterval(this.#heart);
    this.#looking?.abort();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #heed(message: ServerControl): void {
    switch (message.type) {
      case "attached": {
        const { resumed, viewers, control, cols, rows } = message;
        if (!resumed) this.#offset = undefined;
        this.#acknowledged = this.#offset ?? 0;
        this.#failures = 0;
        this.#options.screen.resize(cols, rows);
        this.#set({ phase: { kind: "attached" }, viewers, control, cols, rows });
        this.#beat();
        if (!control && this.#hadControl) this.#say({ type: "takeover" });
        this.resized();
        for (const data of this.#held.splice(0)) this.#socket?.send(framed(data));
        this.#heldBytes = 0;
        return;
      }
      case "size":
        this.#options.screen.resize(message.cols, message.rows);
        this.#set({ cols: message.cols, rows: message.rows });
        return;
      case "viewers": {
        const gained = message.control && !this.#state.control;
        this.#hadControl = message.control;
        this.#set({ viewers: message.viewers, control: message.control });
        if (gained) this.resized();
        return;
      }
      case "title":
        this.#set({ title: message.title });
        return;
      case "pong":
        this.#ponged = message.id;
        return;
      case "exit":
        this.#exit = {
          exitCode: message.exitCode,
          ...(message.signal !== undefined && { signal: message.signal }),
        };
    }
  }

  #bytes(message: Uint8Array): void {
    const { screen } = this.#options;
    if (message[0] === channel.snapshot && message.length >= 9) {
      this.#offset = Number(new DataView(message.buffer, message.byteOffset).getBigUint64(1));
      screen.replace(message.subarray(9), this.#takes(message.length, this.#offset));
    } else if (message[0] === channel.output) {
      this.#offset = (this.#offset ?? 0) + message.length - 1;
      screen.write(message.subarray(1), this.#takes(message.length, this.#offset));
      if (!this.#visible && this.#pending > ackBytes) this.#enter({ kind: "suspended" });
    }
  }

  #takes(size: number, offset: number): () => void {
    const socket = this.#socket;
    this.#pending += size;
    return () => {
      this.#pending -= size;
      this.#taken = offset;
      if (socket !== this.#socket) return;
      if (offset !== this.#offset && offset - this.#acknowledged < ackBytes) return;
      this.#acknowledged = offset;
      this.#say({ type: "ack", offset });
    };
  }

  /** A ping that is not answered before the next: nothing comes through any more, whatever the browser thinks. */
  #beat(): void {
    this.#pinged = this.#ponged = 0;
    this.#heart = setInterval(() => {
      if (this.#ponged < this.#pinged) this.#wait("The connection went silent.");
      else this.#say({ type: "ping", id: ++this.#pinged });
    }, this.#options.pingMs ?? pingMs);
  }

  #say(control: ClientControl): void {
    if (this.#state.phase.kind === "attached") this.#socket?.send(JSON.stringify(control));
  }

  #set(change: Partial<SessionState>): void {
    if (this.#state.phase.kind === "disposed") return;
    if (change.control === true) this.#hadControl = true;
    this.#state = { ...this.#state, ...change };
    this.changed.emit(this.#state);
  }
}

function framed(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(data.length + 1);
  message[0] = channel.input;
  message.set(data, 1);
  return message;
}
