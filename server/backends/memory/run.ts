import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { PassThrough, type Readable, Writable } from "node:stream";
import type { BackendExec, ExecSpec } from "../backend.ts";

export type MemoryProcess = BackendExec & { signal(name: NodeJS.Signals): void };

export interface Surroundings {
  cwd: string;
  env: Record<string, string>;
}

const marker = "GHOST_EXEC";

/** A process of this machine, with pipes or a terminal, that can be killed together with all that it started. */
export async function run(spec: ExecSpec, { cwd, env }: Surroundings): Promise<MemoryProcess> {
  const id = randomUUID();
  const all = { ...env, [marker]: id };
  if (!isFolder(cwd)) return failed(spec, 126, `chdir to cwd ("${cwd}") failed: no such file or directory\n`);
  return spec.tty ? inTerminal(spec, spec.tty, cwd, all, id) : withPipes(spec, cwd, all, id);
}

async function withPipes(
  spec: ExecSpec,
  cwd: string,
  env: Record<string, string>,
  id: string,
): Promise<MemoryProcess> {
  const [program = "", ...args] = spec.argv;
  const child = spawn(program, args, {
    cwd,
    env,
    detached: true,
    stdio: [spec.stdin ? "pipe" : "ignore", "pipe", "pipe"],
  });
  const started = await new Promise<Error | undefined>((resolve) => {
    child.once("spawn", () => resolve(undefined));
    child.once("error", resolve);
  });
  if (started) return failed(spec, 127, `exec: "${program}": not found (${started.message})\n`);
  const exit = new Promise<{ exitCode: number }>((resolve) => {
    child.once("close", (code, signal) => resolve({ exitCode: code ?? codeOf(signal) }));
  });
  return handle(id, exit, child.pid, {
    ...(child.stdin && { stdin: dropping(child.stdin) }),
    stdout: piped(child.stdout),
    stderr: piped(child.stderr),
    resize: () => Promise.resolve(),
    close: () => destroyPipes(child),
  });
}

async function inTerminal(
  spec: ExecSpec,
  size: { cols: number; rows: number },
  cwd: string,
  env: Record<string, string>,
  id: string,
): Promise<MemoryProcess> {
  const { spawn: open } = await import("@lydell/node-pty");
  const [program = "", ...args] = spec.argv;
  const terminal = open(program, args, { ...size, cwd, env, encoding: null });
  const stdout = new PassThrough();
  const bytes = terminal.onData as unknown as (listener: (data: Buffer) => void) => void; // with `encoding: null`
  bytes((data) => {
    if (!stdout.write(data)) terminal.pause();
  });
  stdout.on("drain", () => terminal.resume());
  const exit = new Promise<{ exitCode: number }>((resolve) => {
    terminal.onExit(({ exitCode, signal }) => {
      stdout.end();
      resolve({ exitCode: signal ? 128 + signal : exitCode });
    });
  });
  const stdin = new Writable({
    write(chunk: Buffer, _encoding, done) {
      terminal.write(chunk.toString());
      done();
    },
  });
  const stderr = new PassThrough();
  stderr.end();
  return handle(id, exit, terminal.pid, {
    ...(spec.stdin && { stdin }),
    stdout,
    stderr,
    resize: (cols, rows) => {
      terminal.resize(cols, rows);
      return Promise.resolve();
    },
    close: () => stdout.destroy(),
  });
}

interface Parts extends Pick<BackendExec, "stdout" | "stderr" | "resize"> {
  stdin?: Writable;
}

function handle(
  id: string,
  exit: MemoryProcess["exit"],
  pid: number | undefined,
  { close, ...parts }: Parts & { close: () => void },
): MemoryProcess {
  const state = { over: false };
  const watched = exit.finally(() => {
    state.over = true;
  });
  return {
    ...parts,
    exit: watched,
    signal: (name) => {
      if (!state.over && pid !== undefined) send(-pid, name);
    },
    [Symbol.asyncDispose]: async () => {
      if (state.over) return;
      killMarked(id);
      close();
      await watched;
    },
  };
}

/** Again until none is found, because a process can fork while it is looked for. */
function killMarked(id: string): void {
  const wanted = `${marker}=${id}`;
  for (let found = true; found;) {
    found = false;
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(wanted)) continue;
        process.kill(Number(pid), "SIGKILL");
        found = true;
      } catch {
        // gone already, or another user's
      }
    }
  }
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}

function failed(spec: ExecSpec, exitCode: number, words: string): MemoryProcess {
  const stdout = new PassThrough();
  stdout.end(words);
  const stderr = new PassThrough();
  stderr.end();
  const stdin = new Writable({ write: (_chunk, _encoding, done) => done() });
  return {
    ...(spec.stdin && { stdin }),
    stdout,
    stderr,
    exit: Promise.resolve({ exitCode }),
    resize: () => Promise.resolve(),
    signal: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A reader who has left must not stop the process from ending. */
function piped(source: Readable | null): Readable {
  const target = new PassThrough();
  target.on("error", () => undefined);
  target.once("close", () => source?.resume());
  source?.pipe(target);
  source?.once("close", () => target.end());
  return target;
}

/** What comes after the process is gone is dropped. */
function dropping(stdin: Writable): Writable {
  stdin.on("error", () => undefined);
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (stdin.writable) stdin.write(chunk, () => done());
      else done();
    },
    final: (done) => {
      stdin.end();
      done();
    },
    destroy: (error, done) => {
      stdin.end();
      done(error);
    },
  });
}

function destroyPipes(child: ChildProcess): void {
  child.stdin?.destroy();
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function codeOf(signal: NodeJS.Signals | null): number {
  return 128 + (signal === "SIGTERM" ? 15 : signal === "SIGINT" ? 2 : 9);
}
