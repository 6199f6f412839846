import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { PassThrough, type Readable, Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type Docker from "dockerode";
import type { BackendExec, ExecSpec } from "../backend.ts";
import { within } from "./client.ts";
import { demux, pass } from "./demux.ts";
import type { Engine } from "./engine.ts";
import { fold, statusOf } from "./errors.ts";
import { killMarked, markerName } from "./kill-marked.ts";

export const caveUser = "1000:1000";
/** As a shell says it: killed. */
const killed = 137;

/** `signal` governs the process' whole life: aborting it kills the process and all that it started. */
export async function exec(
  engine: Engine,
  id: string,
  spec: ExecSpec,
  signal: AbortSignal,
): Promise<BackendExec> {
  return engine.containers.with(id, signal, async (container) => {
    const life = AbortSignal.any([signal, engine.closing]);
    const user = spec.user ?? caveUser;
    const marker = randomUUID();
    const execution = await container.exec({
      Cmd: [...spec.argv],
      Env: [
        ...Object.entries(spec.env ?? {}).map(([name, value]) => `${name}=${value}`),
        `${markerName}=${marker}`,
      ],
      ...(spec.cwd !== undefined && { WorkingDir: spec.cwd }),
      User: user,
      Tty: spec.tty !== undefined,
      AttachStdin: spec.stdin,
      AttachStdout: true,
      AttachStderr: true,
      abortSignal: life,
    });
    const kill = () => killMarked(container, marker, user);
    let socket: Socket;
    try {
      socket = await attach(execution, spec, life);
    } catch (error) {
      if (life.aborted) engine.background.add(kill()); // it may have begun all the same
      throw error;
    }
    const running = new Exec(execution, socket, spec, kill, (work) => engine.background.add(work), life);
    const gone = engine.live.add(id, () => running.release());
    running.exit.then(gone, gone);
    if (spec.tty) await running.resize(spec.tty.cols, spec.tty.rows).catch(() => undefined);
    return running;
  });
}

/** Not dockerode's own signal: it would stay bound to the connection that it hands over. */
async function attach(execution: Docker.Exec, spec: ExecSpec, signal: AbortSignal): Promise<Socket> {
  const opening = new AbortController();
  const abort = () => opening.abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    const options = {
      hijack: true,
      stdin: spec.stdin,
      Detach: false,
      Tty: spec.tty !== undefined,
      abortSignal: opening.signal,
    };
    return (await execution.start(options)) as unknown as Socket;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

class Exec implements BackendExec {
  readonly stdin?: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exit: Promise<{ exitCode: number }>;
  readonly #execution: Docker.Exec;
  readonly #socket: Socket;
  readonly #kill: () => Promise<void>;
  readonly #signal: AbortSignal;
  readonly #stopped = Promise.withResolvers<{ exitCode: number }>();
  readonly #hurry = new AbortController();
  #over = false;

  constructor(
    execution: Docker.Exec,
    socket: Socket,
    spec: ExecSpec,
    kill: () => Promise<void>,
    track: (work: Promise<unknown>) => void,
    signal: AbortSignal,
  ) {
    this.#execution = execution;
    this.#socket = socket;
    this.#kill = kill;
    this.#signal = signal;
    if (spec.stdin) this.stdin = input(socket);
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    this.stdout = stdout;
    this.stderr = stderr;
    // A reader learns of a broken stream from the stream; whoever reads neither must not bring the gateway down.
    for (const output of [stdout, stderr]) output.on("error", () => undefined);
    if (spec.tty) stderr.end();

    const ended = (
      spec.tty ? pass(socket, stdout, this.#hurry.signal) : demux(socket, stdout, stderr, this.#hurry.signal)
    ).then(
      () => this.#exitCode(),
      async (error: unknown) => {
        if (this.#over) return this.#stopped.promise; // we broke it off
        const reason = fold(error);
        stdout.destroy(reason);
        stderr.destroy(reason);
        throw reason;
      },
    );
    this.exit = Promise.race([this.#stopped.promise, ended]).finally(() => {
      this.#over = true;
      signal.removeEventListener("abort", abort);
    });
    this.exit.catch(() => undefined);
    const abort = () => track(this.#stop());
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
  }

  /** The size can be set once the process is there, a moment after the engine's answer. */
  async resize(cols: number, rows: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#execution.resize({ w: cols, h: rows, ...within(this.#signal) });
        return;
      } catch (error) {
        if (this.#over) return;
        if (attempt === 20 || statusOf(error) === 404) throw fold(error);
        await pause(10, undefined, { signal: this.#signal });
      }
    }
  }

  /** No longer waits for a reader who does not read. */
  release(): void {
    this.#hurry.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#over) await this.#stop();
  }

  async #stop(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    const reason: unknown = this.#signal.aborted ? this.#signal.reason : undefined;
    const error = reason instanceof Error ? reason : undefined;
    // First the streams: as long as output waits to be read, the engine says nothing of any exit in this cave, the killer's own included.
    for (const output of [this.stdout, this.stderr]) if (!output.readableEnded) output.destroy(error);
    this.#socket.destroy();
    await this.#kill().finally(() => this.#stopped.resolve({ exitCode: killed }));
  }

  /** The stream ends a moment before the engine knows the code. A cave that went down took its processes with it. */
  async #exitCode(): Promise<{ exitCode: number }> {
    for (let attempt = 0; ; attempt++) {
      try {
        const { Running, ExitCode } = await this.#execution.inspect();
        if (!Running && ExitCode !== null) return { exitCode: ExitCode };
        if (attempt === 200) return { exitCode: killed };
      } catch (error) {
        if (statusOf(error) === 404) return { exitCode: killed };
        throw fold(error);
      }
      await pause(Math.min(attempt, 25));
    }
  }
}

/** The half of the connection that is the process' input. Its end is the process' end of file; what comes after the process is gone is dropped. */
function input(socket: Socket): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (socket.writable) socket.write(chunk, () => done());
      else done();
    },
    final(done) {
      if (socket.writable) socket.end(() => done());
      else done();
    },
    destroy(error, done) {
      if (socket.writable) socket.end();
      done(error);
    },
  });
}
