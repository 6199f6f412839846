/** All that decides how a slot is made. Built by the executor; backends turn it into their own specs. */
export interface SlotSpec {
  /** `slot-…`: names the object the backend makes. */
  readonly id: string;
  /** Of which pool it is, for labels. */
  readonly pool: string;
  readonly image: string;
  /** The first process and its arguments; it runs as root with next to no capability, and starts the code as `uid`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Owner of /work and /tmp. */
  readonly uid: number;
  readonly limits: SlotLimits;
  /** Size of /work and of /tmp, which are memory. */
  readonly diskMb: number;
  /** Whether it reaches the internet; a slot without has nothing but its own loopback. */
  readonly network: boolean;
  /** Of the engine's runtimes; absent: the engine's default. */
  readonly runtime?: string;
}

export interface SlotLimits {
  readonly cpuMillis: number;
  readonly memoryMb: number;
  readonly pids: number;
}

/** What arrives from a slot. `end` comes exactly once, when nothing more will. */
export interface SlotListener {
  data(chunk: Buffer): void;
  end(): void;
}

/** A started container with a connection to its first process, which ends when either goes. */
export interface Slot {
  readonly id: string;
  /** Must be called once, before anything else is awaited. */
  listen(listener: SlotListener): void;
  /** False when the writer should wait for `drained`. */
  write(bytes: Buffer): boolean;
  drained(signal: AbortSignal): Promise<void>;
  pause(): void;
  resume(): void;
  update(limits: SlotLimits, signal: AbortSignal): Promise<void>;
  /** Asks the first process to end what it runs (SIGTERM). */
  interrupt(signal: AbortSignal): Promise<void>;
  /** Kills all of it at once and resolves when it is gone; removing what is gone succeeds. */
  remove(): Promise<void>;
}

/** The part of a backend that makes slots; one that cannot lacks it. */
export interface SlotEngine {
  start(spec: SlotSpec, signal: AbortSignal): Promise<Slot>;
  /** Removes the instance's slots that are not among `keep`: what an earlier gateway has left. */
  sweep(keep: ReadonlySet<string>, signal: AbortSignal): Promise<number>;
}
