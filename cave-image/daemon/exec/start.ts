import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { accessSync, closeSync, constants, existsSync, openSync, writeFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { raw, show, type BytePath } from "../lib/cave-path.ts";
import { errnoOf, Problem } from "../lib/problem.ts";
import { pipeFromChild, pipeToChild } from "./pipes.ts";

export interface Start {
  program: readonly string[];
  cwd: BytePath;
  env: Record<string, string>;
  stdin: boolean;
  /** One pipe for stdout and stderr, so that their order is kept. */
  merge: boolean;
}

export interface Exit {
  exitCode: number | null;
  signal?: string;
}

export interface Started {
  /** Also the id of its process group, which is its own. */
  pid: number;
  stdin?: Writable;
  stdout: Readable;
  /** The same as `stdout` when merged. */
  stderr: Readable;
  exited: Promise<Exit>;
}

/** The program could not be started; shells say so with an exit code, and so do we. */
export class NotStarted extends Error {
  readonly exitCode: 126 | 127;

  constructor(program: string, errno: string | undefined) {
    super(
      errno === "ENOENT" ? `${program}: not found` : `${program}: ${reasons[errno ?? ""] ?? "cannot be run"}`,
    );
    this.exitCode = errno === "ENOENT" ? 127 : 126;
  }
}

const reasons: Record<string, string> = {
  EACCES: "permission denied",
  E2BIG: "arguments or environment are too long",
};

/** Running process groups, for the end of the daemon. */
export const groups = new Set<number>();

const shell = existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh";

/** What to run for `command` or `argv`. */
export function programOf(command: string | undefined, argv: string[] | undefined): string[] {
  if (command !== undefined && argv === undefined) return [shell, "-c", command];
  if (argv?.[0] !== undefined && argv[0] !== "" && command === undefined) return argv;
  throw new Problem("invalid_input", "Give either `command` or `argv`.");
}

export async function start(input: Start): Promise<Started> {
  const folder = openFolder(input.cwd);
  const toClose = [folder.fd];
  try {
    const stdin = input.stdin ? await pipeToChild() : undefined;
    if (stdin) toClose.push(stdin.childFd);
    const stdout = pipeFromChild();
    toClose.push(stdout.childFd);
    const stderr = input.merge ? stdout : pipeFromChild();
    if (stderr !== stdout) toClose.push(stderr.childFd);
    const streams = [stdin?.stream, stdout.stream, stderr.stream];
    for (const stream of streams) stream?.on("error", () => undefined); // EPIPE of a child that closed its stdin

    try {
      const child = await launch(input, folder.path, [
        stdin?.childFd ?? "ignore",
        stdout.childFd,
        stderr.childFd,
      ]);
      return {
        ...child,
        ...(stdin && { stdin: stdin.stream }),
        stdout: stdout.stream,
        stderr: stderr.stream,
      };
    } catch (error) {
      for (const stream of streams) stream?.destroy();
      throw error;
    }
  } finally {
    for (const fd of toClose) closeSync(fd);
  }
}

/** Opened, because a path that is not UTF-8 can be handed to `spawn` in no other way. */
export function openFolder(path: BytePath): { fd: number; path: string } {
  try {
    const fd = openSync(raw(path), constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      accessSync(raw(path), constants.X_OK);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    const shown = show(path);
    return { fd, path: shown.startsWith("b:") ? `/proc/self/fd/${fd}` : shown };
  } catch (error) {
    const why = {
      ENOENT: "does not exist",
      ENOTDIR: "is not a folder",
      EACCES: "is closed to the cave's user",
    }[errnoOf(error) ?? ""];
    throw new Problem("working_directory", `The working directory ${show(path)} ${why ?? "cannot be used"}.`);
  }
}

async function launch(
  input: Start,
  cwd: string,
  stdio: StdioOptions,
): Promise<Pick<Started, "pid" | "exited">> {
  const [file = "", ...args] = input.program;
  let child: ChildProcess;
  try {
    child = spawn(file, args, { cwd, env: input.env, stdio, detached: true });
  } catch (error) {
    throw failed(file, error);
  }
  const { pid } = child;
  if (pid === undefined) {
    throw await new Promise<Error>((resolve) => child.once("error", (error) => resolve(failed(file, error))));
  }
  groups.add(pid);
  preferForOutOfMemory(pid);
  const exited = new Promise<Exit>((resolve) =>
    child.once("exit", (exitCode, signal) => {
      groups.delete(pid);
      resolve({ exitCode, ...(signal !== null && { signal }) });
    }),
  );
  return { pid, exited };
}

function failed(file: string, error: unknown): Error {
  const errno = errnoOf(error);
  if (errno === "EAGAIN" || errno === "ENOMEM") {
    return new Problem("limit_reached", "The cave is at its limit of processes or memory.");
  }
  if (errno === "EMFILE" || errno === "ENFILE")
    return new Problem("limit_reached", "Too many files are open in the cave.");
  return new NotStarted(file, errno);
}

/** When memory runs out the kernel is to end what the user runs, not the daemon. */
export function preferForOutOfMemory(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, "900");
  } catch {
    // It has ended already, or the host wants it otherwise.
  }
}
