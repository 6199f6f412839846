/**
 * The terminal's WebSocket, the same from a browser or the CLI through the gateway to the daemon.
 *
 * Binary messages are one channel byte, then data. Text messages are JSON of the `Client…`/`Server…` types below.
 * Offsets count bytes of output since the terminal was opened. A client connects with `?since=<offset>` of the next byte it has not seen
 * (or without, when it has seen nothing) and acknowledges what its screen has taken: when that is all it was sent, and whenever it is `ackBytes` more
 * than it last acknowledged. The PTY is paused while the viewer in control has its credit unacknowledged: at most `creditBytes`, and less for one whose
 * acknowledgements come late, so that what is typed is echoed soon however slow the screen is.
 *
 * One viewer has control: its input is taken and its size is the terminal's; the others see the same and are told the size. The first to come has
 * control, `takeover` moves it, and when its holder leaves it goes to who has been there longest.
 */
export const channel = {
  /** Client → server: typed bytes. */
  input: 0,
  /** Server → client: output bytes that follow what the client has. */
  output: 1,
  /** Server → client: 8-byte big-endian offset, then a serialised screen that stands for all output before that offset: reset, then write it. */
  snapshot: 2,
} as const;

/** Most bytes that are under way to a viewer before the server waits for its acknowledgement. */
export const creditBytes = 262_144;
/** So many bytes taken are to be acknowledged, also when more have arrived. */
export const ackBytes = 4_096;

/** Close codes of the terminal's WebSocket. */
export const closeCode = { exited: 4000, takenOver: 4001, gone: 4004, restarting: 1012 } as const;

export type ClientControl =
  | { type: "resize"; cols: number; rows: number }
  | { type: "ack"; offset: number }
  | { type: "ping"; id: number }
  /** Makes this viewer the one whose size counts and whose input is taken. */
  | { type: "takeover" };

export type ServerControl =
  /** First message. `since` was honoured when `resumed`; otherwise a snapshot follows. */
  | {
      type: "attached";
      offset: number;
      cols: number;
      rows: number;
      viewers: number;
      control: boolean;
      resumed: boolean;
    }
  | { type: "size"; cols: number; rows: number }
  | { type: "viewers"; viewers: number; control: boolean }
  | { type: "title"; title: string }
  | { type: "pong"; id: number }
  | { type: "exit"; exitCode: number | null; signal?: string };

/** Frames of a streamed exec between gateway and daemon: channel byte, 4-byte big-endian length, data. */
export const execChannel = { stdout: 1, stderr: 2, exit: 3 } as const;
