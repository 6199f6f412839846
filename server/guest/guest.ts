import type { Duplex, Readable } from "node:stream";
import type { Activity, DesktopWindow, ListeningPort, ServiceState } from "#contract/cave.ts";
import type { DaemonMetrics } from "#contract/daemon.ts";
import type {
  ExecExit,
  ExecInput,
  FileChange,
  FileEntry,
  FolderListing,
  MakeFolder,
  MoveFile,
  OpenTerminal,
  Process,
  ReplaceInFiles,
  ReplaceResult,
  SearchFiles,
  SearchResult,
  Signal,
  StartProcess,
  Terminal,
} from "#contract/inside.ts";

/**
 * What can be done inside a running cave, whoever does it: `daemon/` asks caved over `backend.dial`, `bare/` uses the backend's own verbs for
 * images without it and answers `surface_unavailable` for the rest. All that comes out of a cave is hostile: sizes are bounded, shapes are parsed.
 *
 * Errors are `AppError`: `file_*`, `process_not_found`, `terminal_not_found`, `working_directory`, `surface_unavailable`, `surface_stopped`, `disk_full`, `cave_unreachable`.
 */
export interface Guest extends AsyncDisposable {
  /** Resolves when the cave can be used. */
  ready(signal: AbortSignal): Promise<void>;

  /** Output as it comes, then the exit. Breaking off (signal, or `return()` of the iterator) kills the whole process group. */
  exec(input: ExecRequest, signal: AbortSignal): Promise<AsyncIterable<ExecEvent>>;

  processes(signal: AbortSignal): Promise<Process[]>;
  startProcess(input: StartProcess, signal: AbortSignal): Promise<Process>;
  process(pid: number, signal: AbortSignal): Promise<Process>;
  /** Its output (stdout and stderr as they came) from a byte offset; with `follow` until it ends. */
  processOutput(
    pid: number,
    options: { since: number; follow: boolean },
    signal: AbortSignal,
  ): Promise<Output>;
  signalProcess(pid: number, name: Signal, signal: AbortSignal): Promise<void>;
  writeProcess(pid: number, stdin: Readable, options: { end: boolean }, signal: AbortSignal): Promise<void>;

  terminals(signal: AbortSignal): Promise<Terminal[]>;
  openTerminal(input: OpenTerminal, signal: AbortSignal): Promise<Terminal>;
  closeTerminal(id: string, signal: AbortSignal): Promise<void>;
  /** What it has shown, as far back as it is kept. */
  terminalTranscript(id: string, query: { format: "text" | "raw" }, signal: AbortSignal): Promise<Readable>;
  /** A connection on which the terminal's WebSocket handshake can be made at `path`; the gateway pairs sockets and reads no frame. */
  connectTerminal(id: string, query: { since?: number }, signal: AbortSignal): Promise<GuestSocket>;

  /** What the path leads to: links are followed, and one that leads nowhere is a `link`. */
  stat(path: string, signal: AbortSignal): Promise<FileEntry>;
  readFile(path: string, options: ReadOptions, signal: AbortSignal): Promise<FileRead>;
  listFolder(path: string, depth: number, signal: AbortSignal): Promise<FolderListing>;
  /** Written beside the target, then renamed over it. */
  writeFile(path: string, body: Readable, options: WriteOptions, signal: AbortSignal): Promise<FileEntry>;
  removeFile(path: string, options: { recursive: boolean }, signal: AbortSignal): Promise<void>;
  moveFile(input: MoveFile, signal: AbortSignal): Promise<FileEntry>;
  makeFolder(input: MakeFolder, signal: AbortSignal): Promise<FileEntry>;
  searchFiles(input: SearchFiles, signal: AbortSignal): Promise<SearchResult>;
  replaceInFiles(input: ReplaceInFiles, signal: AbortSignal): Promise<ReplaceResult>;
  watchFiles(path: string, signal: AbortSignal): Promise<AsyncIterable<FileChange>>;
  readArchive(path: string, signal: AbortSignal): Promise<Readable>;
  writeArchive(path: string, tar: Readable, signal: AbortSignal): Promise<void>;

  ports(signal: AbortSignal): Promise<ListeningPort[]>;
  services(signal: AbortSignal): Promise<Record<string, ServiceState>>;
  /** Resolves when it is ready, or has failed. */
  startService(name: string, signal: AbortSignal): Promise<ServiceState>;
  stopService(name: string, signal: AbortSignal): Promise<ServiceState>;
  /**
   * A stream of bytes to what the service listens on, in its own protocol from the first byte. It is the caller's to close, and an error only closes it;
   * the signal is for its making. A service that does not run is not started by it: `surface_stopped`.
   */
  connectService(name: string, signal: AbortSignal): Promise<Duplex>;
  /** What the desktop shows now, as a JPEG of that width; it is not started for it, and nobody who watches notices. */
  desktopThumbnail(width: number, signal: AbortSignal): Promise<Buffer>;
  /** What is open on the desktop now; it is not started for it. */
  desktopWindows(signal: AbortSignal): Promise<DesktopWindow[]>;
  serviceLogs(name: string, options: { follow: boolean }, signal: AbortSignal): Promise<Readable>;
  /** The gateway's own variables for the cave's processes: of what is started from now on. An image without the daemon, or with an older one, has no place for them. */
  setEnvironment(values: Record<string, string>, signal: AbortSignal): Promise<void>;
  /** Secrets for the cave's processes: files under /run/secrets and variables of what is started from now on. */
  setSecrets(values: Record<string, string>, signal: AbortSignal): Promise<void>;

  /** Changes inside (ports, services, windows, activity) as they happen; the gateway keeps one of these open per running cave. */
  watch(signal: AbortSignal): Promise<AsyncIterable<GuestEvent>>;
  /** One reading of the cave's control group; cheaper than the engine's. */
  metrics(signal: AbortSignal): Promise<DaemonMetrics>;
  /** Bytes that workspace and home take, counted at most once a minute. */
  diskUsage(signal: AbortSignal): Promise<number>;
}

/** `maxOutputBytes: Infinity` passes all output on. */
export interface ExecRequest extends Omit<ExecInput, "stdin"> {
  stdin?: Readable;
}

export type ExecEvent = { kind: "stdout" | "stderr"; data: Buffer } | { kind: "exit"; exit: ExecExit };

export interface Output {
  /** Offset of the first byte that `stream` yields; greater than asked when older output was dropped. */
  from: number;
  stream: Readable;
}

export interface ReadOptions {
  /** A single HTTP byte range, inclusive; `end` absent: to the end; `start` absent: the last `end` bytes. */
  range?: { start?: number; end?: number };
}

export interface FileRead {
  entry: FileEntry;
  /** Which bytes of the file `stream` holds. */
  start: number;
  /** Absent where the kernel tells none (/proc): until the stream ends. */
  length?: number;
  stream: Readable;
}

export interface WriteOptions {
  /** Only if the file's ETag is this one, `*`: only if it exists; `file_changed` otherwise. */
  ifMatch?: string;
  /** `*`: only if it does not exist; `file_changed` otherwise, as HTTP has it. */
  ifNoneMatch?: "*";
  mkdirs: boolean;
  mode?: number;
}

export interface GuestSocket {
  socket: Duplex;
  /** Request target and headers (the daemon's token among them) of the handshake on `socket`. */
  path: string;
  headers: Record<string, string>;
}

export type GuestEvent =
  | { kind: "ports"; ports: ListeningPort[] }
  | { kind: "services"; services: Record<string, ServiceState> }
  | { kind: "windows"; opened: DesktopWindow[] }
  | { kind: "activity"; activity: Activity };
