import type { ExecExit } from "./inside.ts";

/**
 * What gateway and daemon agree on. The protocol's number is also the image label `ghost.daemon`: 2 has `environment` and `desktopWindows`. A cave keeps the
 * daemon that it was made with, so a gateway speaks the older ones too; what those lack is `surface_unavailable`.
 */
export const daemonProtocol = 2;
export const oldestDaemonProtocol = 1;
/** Windows of a desktop that are listed, and that one event tells of. */
export const mostDesktopWindows = 100;
export const mostOpenedWindows = 20;
/** Port that caved listens on inside every cave; reserved, never a preview. */
export const daemonPort = 4100;

/**
 * The wire between gateway and daemon: HTTP/1.1, `Authorization: Bearer <token>` on every request. The daemon holds the token's SHA-256 only
 * (`GHOST_DAEMON_TOKEN_SHA256`, hex). Inputs and answers are the types of inside.ts; what a request is about (`path`, `since`, …) is in the query.
 *
 * A failure is status 4xx or 5xx with a `DaemonFailure`. A stream that breaks off after its head was sent is a closed connection.
 * Streams of events are lines of JSON; empty lines mean nothing.
 */
export const daemonPath = {
  /** GET → DaemonReady. */
  ready: "/ready",
  /**
   * POST: 4-byte big-endian length, that much JSON (`ExecHead`), then stdin until the body ends. Answers frames of `execChannel` (frames.ts);
   * the last one is the exit, with `ExecExit` as JSON. An empty frame means nothing. Closing the connection kills the process group.
   */
  exec: "/exec",
  /** GET → Process[]; POST StartProcess → Process. */
  processes: "/processes",
  /** GET → Process. */
  process: (pid: number) => `/processes/${pid}` as const,
  /** GET ?since&follow → bytes; header `x-ghost-from` is the offset of the first. */
  processOutput: (pid: number) => `/processes/${pid}/output` as const,
  /** POST `{signal}`. */
  processSignal: (pid: number) => `/processes/${pid}/signal` as const,
  /** POST ?end, bytes. */
  processStdin: (pid: number) => `/processes/${pid}/stdin` as const,
  /** GET → Terminal[]; POST OpenTerminal → Terminal. */
  terminals: "/terminals",
  /** DELETE. */
  terminal: (id: string) => `/terminals/${id}` as const,
  /** GET ?format=text|raw → what was said, as far back as it is kept. */
  terminalTranscript: (id: string) => `/terminals/${id}/transcript` as const,
  /** WebSocket of frames.ts, ?since. */
  terminalSocket: (id: string) => `/terminals/${id}/ws` as const,
  /** DELETE ?path&recursive. */
  files: "/files",
  /** GET ?path → FileEntry. */
  stat: "/files/stat",
  /** GET ?path&depth → FolderListing. */
  folder: "/files/folder",
  /**
   * GET ?path&start&end → bytes, with the FileEntry in `x-ghost-entry` (base64 of JSON) and the first byte's offset in `x-ghost-from`; no length
   * where the kernel tells none (/proc). PUT ?path&mkdirs&mode with `If-Match`/`If-None-Match`, bytes → FileEntry.
   */
  content: "/files/content",
  /** POST MoveFile → FileEntry. */
  move: "/files/move",
  /** POST MakeFolder → FileEntry. */
  mkdir: "/files/mkdir",
  /** POST SearchFiles → SearchResult. */
  search: "/files/search",
  /** POST ReplaceInFiles → ReplaceResult. */
  replace: "/files/replace",
  /** GET ?path → lines of FileChange. */
  watchFiles: "/files/watch",
  /** GET ?path → tar; PUT ?path, tar. */
  archive: "/files/archive",
  /** GET → ListeningPort[]. */
  ports: "/ports",
  /** GET → Record<string, ServiceState>. */
  services: "/services",
  /** POST → ServiceState. */
  serviceStart: (name: string) => `/services/${name}/start` as const,
  /** POST → ServiceState. */
  serviceStop: (name: string) => `/services/${name}/stop` as const,
  /** GET ?follow → text. */
  serviceLogs: (name: string) => `/services/${name}/logs` as const,
  /** Upgrade (`ghost-stream`): bytes to and from what the service listens on; it must be running. */
  serviceConnect: (name: string) => `/services/${name}/connect` as const,
  /** GET ?width → JPEG; the desktop must be running. */
  desktopThumbnail: "/desktop/thumbnail",
  /** GET → DesktopWindow[], at most `mostDesktopWindows`; the desktop must be running. */
  desktopWindows: "/desktop/windows",
  /** PUT Record<string, string>: the gateway's variables for the cave's processes, all there are from now on. */
  environment: "/environment",
  /** PUT Record<string, string>: all secrets there are from now on. */
  secrets: "/secrets",
  /** GET → lines of DaemonEvent; the state of everything comes first. */
  watch: "/watch",
  /** GET → DaemonMetrics. */
  metrics: "/metrics",
  /** GET → `{diskBytes}`. */
  disk: "/disk",
} as const;

export interface DaemonReady {
  protocol: number;
  /** Milliseconds since the daemon's process started. */
  upMs: number;
}

/** ExecInput without its stdin, which follows as bytes. */
export interface ExecHead {
  command?: string | undefined;
  argv?: string[] | undefined;
  cwd?: string | undefined;
  env?: Record<string, string> | undefined;
  timeoutMs?: number | undefined;
  /** Absent: all of it. */
  maxOutputBytes?: number | undefined;
  /** Whether bytes follow; without, the process reads from /dev/null. */
  stdin: boolean;
}
export type ExecTail = ExecExit;

/** A reading of the cave's control group. */
export interface DaemonMetrics {
  cpuMs: number;
  memoryBytes: number;
  /** 0: none. */
  memoryLimitBytes: number;
  pids: number;
}

export interface DaemonFailure {
  code: string;
  message: string;
}
