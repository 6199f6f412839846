import { EventEmitter } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { AppError } from "../../lib/app-error.ts";
import type { BackendEvent, BackendExec, CaveSpec, ObservedState } from "../backend.ts";
import type { MemoryImage } from "./images.ts";

/** Serves one connection to a port of a cave. */
export type PortHandler = (stream: Duplex, cave: MemoryCave) => void;

export interface MemoryCave {
  readonly instance: string;
  spec: CaveSpec;
  state: ObservedState;
  exitCode?: number;
  outOfMemory?: boolean;
  startedAt?: Date;
  /** Its output so far. */
  log: { at: number; text: string }[];
  readonly running: Set<BackendExec & { signal(name: NodeJS.Signals): void }>;
  readonly ports: Map<number, PortHandler>;
}

export interface WorldOptions {
  /** What `image` finds. Default: `ghost/cave` with a daemon, and `plain` without. */
  images?: Record<string, MemoryImage>;
  /** What `pull` finds besides. */
  registry?: Record<string, MemoryImage>;
  /** Ports that every running cave answers on, like the daemon's. */
  ports?: Record<number, PortHandler>;
}

/**
 * What an engine would hold: it outlives the backends that are opened on it, as caves outlive a killed gateway. Processes are real ones of this machine,
 * in a folder per cave; nothing confines them.
 */
export class MemoryWorld implements AsyncDisposable {
  readonly images: Map<string, MemoryImage>;
  readonly registry: Map<string, MemoryImage>;
  readonly ports: Map<number, PortHandler>;
  readonly caves = new Map<string, MemoryCave>();
  /** Instance that each volume belongs to, by cave. */
  readonly volumes = new Map<string, string>();
  readonly events = new EventEmitter<{
    change: [instance: string, event: BackendEvent];
    log: [MemoryCave];
    away: [];
  }>();
  #reachable = true;
  #root: string | undefined;

  constructor(options: WorldOptions = {}) {
    this.images = new Map(Object.entries(options.images ?? { "ghost/cave": { daemon: 1 }, plain: {} }));
    this.registry = new Map(Object.entries(options.registry ?? {}));
    this.ports = new Map(
      Object.entries(options.ports ?? {}).map(([port, handler]) => [Number(port), handler]),
    );
    this.events.setMaxListeners(0);
  }

  get reachable(): boolean {
    return this.#reachable;
  }

  /** Takes the engine away, or brings it back. */
  set reachable(value: boolean) {
    this.#reachable = value;
    if (!value) this.events.emit("away");
  }

  /** The cave's workspace, made when first needed. */
  workspace(id: string): string {
    this.#root ??= mkdtempSync(join(tmpdir(), "ghost-memory-"));
    const folder = join(this.#root, id);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  removeVolume(id: string): void {
    this.volumes.delete(id);
    if (this.#root !== undefined) rmSync(join(this.#root, id), { recursive: true, force: true });
  }

  /** Its first process ends, by itself or because something ends it. */
  async end(id: string, exitCode: number, outOfMemory = false): Promise<void> {
    const cave = this.caves.get(id);
    if (cave?.state !== "running" && cave?.state !== "paused") return;
    cave.state = "stopped";
    cave.exitCode = exitCode;
    if (outOfMemory) {
      cave.outOfMemory = true;
      this.tell(cave, { id, change: "out-of-memory" });
    }
    await Promise.all([...cave.running].map((process) => process[Symbol.asyncDispose]()));
    this.tell(cave, { id, change: "stopped", exitCode });
    this.events.emit("log", cave);
  }

  /** Adds to the cave's own output. */
  write(cave: MemoryCave, text: string): void {
    cave.log.push({ at: Date.now(), text });
    this.events.emit("log", cave);
  }

  /** Answers connections to a port of one cave. */
  serve(id: string, port: number, handler: PortHandler): void {
    const cave = this.caves.get(id);
    if (!cave) throw new AppError("cave_not_found", `There is no cave ${id}.`);
    cave.ports.set(port, handler);
  }

  tell(cave: MemoryCave, event: BackendEvent): void {
    this.events.emit("change", cave.instance, event);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.caves.keys()].map((id) => this.end(id, 137)));
    this.caves.clear();
    this.volumes.clear();
    this.events.removeAllListeners();
    if (this.#root !== undefined) rmSync(this.#root, { recursive: true, force: true });
  }
}
