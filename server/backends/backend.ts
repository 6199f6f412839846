import type { Duplex, Readable, Writable } from "node:stream";
import type { SlotEngine } from "./slots.ts";
import type { Limits, Network } from "#contract/cave.ts";

/**
 * What makes caves real. The interface speaks Ghost: no type of an engine's client crosses it.
 *
 * Every verb is idempotent, takes a signal, and throws `AppError` only: `backend_unavailable` when the engine does not answer,
 * `image_not_found`, `cave_not_found`, `cave_state` (it is not running), `cave_exited`, `unsupported`, `disk_full`; anything else is
 * `internal` with its cause. An aborted verb throws the signal's own reason.
 */
export interface Backend extends AsyncDisposable {
  readonly name: string;
  readonly can: Capabilities;

  /** Whether the engine answers, and what it is. Never throws for an engine that is away: that is `reachable: false`. */
  info(signal: AbortSignal): Promise<BackendInfo>;

  /** The image as the engine holds it, or undefined. */
  image(ref: string, signal: AbortSignal): Promise<ImageInfo | undefined>;
  /** Fetches an image. `image_not_found` when no registry has it (or none answers). */
  pull(ref: string, progress: (line: string) => void, signal: AbortSignal): Promise<ImageInfo>;

  /** Makes the cave and its volumes without starting it. Doing it twice is one cave. Half of it is removed again on failure. */
  create(spec: CaveSpec, signal: AbortSignal): Promise<void>;
  /** Starting what runs is no error. `cave_exited` when its process ends at once. */
  start(id: string, signal: AbortSignal): Promise<void>;
  /** SIGTERM, then SIGKILL after `graceMs`. Stopping what is stopped, or gone, is no error. */
  stop(id: string, graceMs: number, signal: AbortSignal): Promise<void>;
  /** Removing what is gone succeeds. The volumes go too unless `keepWorkspace`. */
  remove(id: string, options: { keepWorkspace: boolean }, signal: AbortSignal): Promise<void>;
  /** Everything of this instance that the engine holds, running or not, including volumes whose cave is gone: the truth for reconcile. */
  list(signal: AbortSignal): Promise<Observed[]>;
  inspect(id: string, signal: AbortSignal): Promise<Observed | undefined>;
  /**
   * Changes of state from the moment of the call; an engine may tell one twice. Ends with the signal; throws when the engine goes away
   * (callers re-open).
   */
  events(signal: AbortSignal): AsyncIterable<BackendEvent>;

  /**
   * Starts a process in the cave beside its own. The signal governs its whole life: aborting it kills the process and all that it started.
   * A program or folder that is not there is no error here: the process ends with 126 or 127, with words to say so.
   */
  exec(id: string, spec: ExecSpec, signal: AbortSignal): Promise<BackendExec>;
  /**
   * A byte stream to a port on the cave's loopback or own address; the signal governs the connecting alone. `cave_unreachable` when nothing
   * listens, `surface_unavailable` when the cave can only be reached from inside and its image lacks the means.
   */
  dial(id: string, port: number, signal: AbortSignal): Promise<Duplex>;
  /** The cave's own output (stdout and stderr of its first process), demultiplexed. Following ends with the signal, or the cave. */
  logs(
    id: string,
    options: { follow: boolean; sinceMs?: number; tail?: number },
    signal: AbortSignal,
  ): Promise<Readable>;
  stats(id: string, signal: AbortSignal): Promise<BackendStats>;
  /** Unpacks a tar under `path`, which is made if need be, as the cave's user, inside the cave. */
  putArchive(id: string, path: string, tar: Readable, signal: AbortSignal): Promise<void>;
  /** A tar of what is in a folder (`./a`, `./b/c`), or of one file by its name. The stream fails with `file_not_found` or the like. */
  getArchive(id: string, path: string, signal: AbortSignal): Promise<Readable>;
  /** Changes the limits of a cave, running or stopped. */
  update(id: string, limits: Limits, signal: AbortSignal): Promise<void>;

  pause?(id: string, signal: AbortSignal): Promise<void>;
  resume?(id: string, signal: AbortSignal): Promise<void>;
  /** What the engine keeps on its disk, and what is free there. It may take seconds. */
  diskUse?(signal: AbortSignal): Promise<DiskUse>;
  /** Removes what all caves share, such as their network. Called when none is left and none will be made. */
  uninstall?(signal: AbortSignal): Promise<void>;

  /** Single-use containers for the executor, where the engine has them. */
  readonly slots?: SlotEngine;
}

export interface Capabilities {
  readonly pause: boolean;
  /** Network modes that can be kept, not just asked for. */
  readonly networks: readonly Network["mode"][];
  /** Whether `diskMb` is enforced by the engine; otherwise the gateway watches it. */
  readonly diskLimit: boolean;
}

export interface BackendInfo {
  reachable: boolean;
  /** Why not, in one sentence. */
  reason?: string;
  version?: string;
  runtimes: string[];
  /** Facts for `ghost doctor`: cgroup version, storage driver, security options, CPUs, memory, kernel. */
  facts: Record<string, string | number | boolean>;
  /** What the isolation is worth, weakest link first, for people to read. */
  isolation: { grade: "strong" | "standard" | "reduced"; notes: string[] };
}

export interface DiskUse {
  imagesBytes: number;
  /** Written by containers outside their volumes. */
  containersBytes: number;
  volumesBytes: number;
  /** Left by builds. */
  cacheBytes: number;
  freeBytes?: number;
  totalBytes?: number;
}

export interface ImageInfo {
  ref: string;
  /** Content id. */
  id: string;
  /** Protocol of the daemon in the image (label `ghost.daemon`), or undefined for a foreign image. */
  daemon?: number;
  /** The image runs a browser (label `ghost.browser`), so its caves need the extended seccomp profile. */
  browser: boolean;
  version?: string;
  sizeBytes: number;
}

/** All that decides how a cave is made. Built by the domain from validated input; backends turn it into their own specs. */
export interface CaveSpec {
  /** `cave-…`: names every object the backend makes. */
  id: string;
  /** The cave's name: its host name inside. */
  name: string;
  image: ImageInfo;
  limits: Limits;
  network: Network;
  /** Non-secret environment. */
  env: Record<string, string>;
  /** SHA-256 (hex) of the daemon's token, when the image has the daemon: the token itself never enters the cave. */
  daemonTokenHash?: string;
}

export type ObservedState = "created" | "running" | "paused" | "stopped";

export interface Observed {
  id: string;
  /** "volume" for what is left of a cave whose container is gone. */
  kind: "cave" | "volume";
  state: ObservedState;
  exitCode?: number;
  /** The kernel killed it for its memory. */
  outOfMemory?: boolean;
  startedAt?: Date;
}

export interface BackendEvent {
  id: string;
  change: "started" | "stopped" | "paused" | "resumed" | "removed" | "out-of-memory";
  exitCode?: number;
}

export interface ExecSpec {
  argv: readonly string[];
  env?: Record<string, string>;
  cwd?: string;
  /** Default 1000:1000. */
  user?: string;
  tty?: { cols: number; rows: number };
  stdin: boolean;
}

export interface BackendExec extends AsyncDisposable {
  /** Absent without `stdin: true`. Ending it is the process' end of file; what is written after the process is gone is dropped. */
  stdin?: Writable;
  /** Both must be read, or resumed: a process whose output nobody takes waits, and `exit` with it. */
  stdout: Readable;
  /** Empty with a tty. */
  stderr: Readable;
  resize(cols: number, rows: number): Promise<void>;
  /** Resolves when the process is gone; never rejects for a non-zero code. */
  exit: Promise<{ exitCode: number }>;
}

/** One reading. Sizes in bytes; `cpuMs` since the cave started. */
export interface BackendStats {
  cpuMs: number;
  memoryBytes: number;
  memoryLimitBytes: number;
  pids: number;
  rxBytes: number;
  txBytes: number;
}
