import { constants } from "node:os";
import { ReadStream } from "node:tty";
import type { Exit } from "../exec/start.ts";
import { PtyInput } from "./pty-input.ts";

/**
 * node-pty's own class destroys its socket 200 ms after the process' end, and with it what a slow reader has not taken yet. So this uses the
 * native half alone.
 */
interface Native {
  readonly fork: (
    file: string,
    args: string[],
    env: string[],
    cwd: string,
    cols: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helperPath: string,
    onExit: (code: number, signal: number) => void,
  ) => { fd: number; pid: number };
  readonly resize: (fd: number, cols: number, rows: number) => void;
}

export interface PtyOptions {
  program: readonly string[];
  env: Record<string, string>;
  cwd: string;
  cols: number;
  rows: number;
}

export interface Pty {
  readonly pid: number;
  /** Ends with the last byte of output. */
  readonly stream: ReadStream;
  readonly input: PtyInput;
  readonly exited: Promise<Exit>;
  resize(cols: number, rows: number): void;
  close(): void;
}

let native: Native | undefined;

async function load(): Promise<Native> {
  const { requireBinary } = await import("@lydell/node-pty/requireBinary.js");
  return (native ??= requireBinary("pty.node") as Native);
}

export async function openPty({ program, env, cwd, cols, rows }: PtyOptions): Promise<Pty> {
  const { fork, resize } = await load();
  const [file = "", ...args] = program;
  const exit = Promise.withResolvers<Exit>();
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const { fd, pid } = fork(file, args, variables, cwd, cols, rows, -1, -1, true, "", (code, signal) => {
    exit.resolve(signal === 0 ? { exitCode: code } : { exitCode: null, signal: nameOf(signal) });
  });
  const input = new PtyInput(fd);
  const stream = new ReadStream(fd);
  // EIO is how the kernel says that nobody has the other side open any more.
  stream.on("error", () => close());
  stream.on("end", () => close());
  const close = () => {
    input.close();
    stream.destroy();
  };
  return {
    pid,
    stream,
    input,
    close,
    exited: exit.promise,
    resize: (newCols, newRows) => {
      if (!stream.destroyed) resize(fd, newCols, newRows);
    },
  };
}

function nameOf(signal: number): string {
  const found = Object.entries(constants.signals).find(([, number]) => number === signal);
  return found?.[0] ?? `SIG${signal}`;
}
