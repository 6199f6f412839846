import { randomUUID } from "node:crypto";
import type { Backend, BackendExec } from "../../backends/backend.ts";
import { AppError, messageOf } from "../../lib/app-error.ts";
import { feed } from "../../lib/feed.ts";
import type { ExecEvent, ExecRequest } from "../guest.ts";
import { argumentOf, parsePath, show, workspace } from "./cave-path.ts";
import { Channel } from "./channel.ts";
import { failureOf } from "./failure.ts";
import { collect, mayFail, splitAt, type Bytes } from "./streams.ts";
import type { ExecExit } from "#contract/inside.ts";

/**
 * Goes where the program is to run, says so with a word that the program cannot know, and becomes the program. It leaves no variable behind.
 * `/.` keeps a newline at the end of a folder's name.
 */
const script = `
cd -- "$(printf '%b/.' "$1")" || { echo "$2 cwd" >&2; exit 1; }
unset OLDPWD
echo "$2" >&2
shift 2
exec "$@"
`;

const wordsKept = 4096;
const longestTimer = 2 ** 31 - 1;

/**
 * Runs a program with the engine's own means. The engine gives one number for both a signal and an exit code above 128, and so do we:
 * `signal` is reported only where the signal was ours.
 */
export async function exec(
  backend: Backend,
  id: string,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<AsyncIterable<ExecEvent>> {
  if (request.stdin) mayFail(request.stdin);
  const program = programOf(request);
  const run = new Run(request, signal);
  try {
    const cwd = parsePath(request.cwd ?? workspace);
    const running = await backend.exec(
      id,
      {
        argv: ["sh", "-c", script, "sh", argumentOf(cwd), run.greeting.trimEnd(), ...program],
        ...(request.env && { env: request.env }),
        cwd: workspace,
        stdin: request.stdin !== undefined,
      },
      run.life,
    );
    const stderr = await greeted(running, run.greeting, show(cwd));
    run.follow(running, stderr);
  } catch (error) {
    if (signal.aborted || !run.timedOut) {
      run.end();
      signal.throwIfAborted();
      throw error;
    }
    void run.finish({ exitCode: null, signal: "SIGKILL" });
  }
  return run;
}

function programOf({ command, argv, env }: ExecRequest): readonly string[] {
  if ([command ?? "", ...(argv ?? []), ...Object.values(env ?? {})].some((text) => text.includes("\0"))) {
    throw new AppError("invalid_input", "Neither a command nor a variable can hold a NUL.");
  }
  if (command !== undefined && argv === undefined) return ["sh", "-c", command];
  if (argv !== undefined && argv.length > 0 && command === undefined) return argv;
  throw new AppError("invalid_input", "Give either `command` or `argv`.");
}

/** What the program itself says on stderr; throws when it never came to that. */
async function greeted(running: BackendExec, greeting: string, cwd: string): Promise<Bytes> {
  const { head, found, rest } = await splitAt(running.stderr, greeting, 2 * wordsKept);
  if (found) return rest;
  const [engine, { exitCode }] = await Promise.all([
    collect(running.stdout, wordsKept, "drop"),
    running.exit,
  ]);
  const words = `${head.toString()}${engine.toString()}`;
  if (words.includes(`${greeting.trimEnd()} cwd`)) {
    const why = /permission denied/i.test(words) ? "is closed to the cave's user" : "does not exist";
    throw new AppError("working_directory", `The working directory ${cwd} ${why}.`);
  }
  throw failureOf(words, exitCode);
}

class Run implements AsyncIterable<ExecEvent> {
  readonly greeting = `ghost-${randomUUID()}\n`;
  /** Ends with the caller, the deadline, or the reader's leaving; the backend kills the program and all it started. */
  readonly life: AbortSignal;
  timedOut = false;
  readonly #request: ExecRequest;
  readonly #stop = new AbortController();
  readonly #events = new Channel<ExecEvent>();
  readonly #began = performance.now();
  readonly #deadline: NodeJS.Timeout | undefined;
  readonly #truncated = { stdout: false, stderr: false };
  #over: Promise<void> = Promise.resolve();

  constructor(request: ExecRequest, signal: AbortSignal) {
    this.#request = request;
    this.life = AbortSignal.any([signal, this.#stop.signal]);
    if (request.timeoutMs === undefined) return;
    this.#deadline = setTimeout(
      () => {
        this.timedOut = true;
        this.#stop.abort();
      },
      Math.min(request.timeoutMs, longestTimer),
    );
  }

  [Symbol.asyncIterator](): AsyncIterator<ExecEvent, undefined> {
    return {
      next: () => this.#events.take(),
      return: async () => {
        this.#events.leave();
        this.end();
        await this.#over;
        return { done: true, value: undefined };
      },
    };
  }

  follow(running: BackendExec, stderr: Bytes): void {
    this.#over = this.#watch(running, stderr).catch((error: unknown) => {
      this.#events.close(error instanceof Error ? error : new Error(messageOf(error)));
    });
  }

  /** Nothing is left running after it. */
  end(): void {
    clearTimeout(this.#deadline);
    this.#stop.abort();
  }

  async finish(ended: Pick<ExecExit, "exitCode" | "signal">): Promise<void> {
    clearTimeout(this.#deadline);
    const durationMs = Math.round((performance.now() - this.#began) * 100) / 100;
    const exit = { ...ended, timedOut: this.timedOut, truncated: this.#truncated, durationMs };
    const told = this.#events.put({ kind: "exit", exit });
    this.#events.close();
    await told;
  }

  async #watch(running: BackendExec, stderr: Bytes): Promise<void> {
    const fed = new AbortController();
    const output = Promise.all([this.#pump("stdout", running.stdout), this.#pump("stderr", stderr)]);
    try {
      await Promise.all([output, Promise.race([this.#feed(running, fed.signal), running.exit])]);
      const { exitCode } = await running.exit;
      this.life.throwIfAborted();
      await this.finish({ exitCode });
    } catch (error) {
      this.end();
      await running.exit.catch(() => undefined);
      await output.catch(() => undefined);
      if (!this.timedOut) throw error;
      await this.finish({ exitCode: null, signal: "SIGKILL" });
    } finally {
      fed.abort();
      clearTimeout(this.#deadline);
    }
  }

  async #feed({ stdin, exit }: BackendExec, signal: AbortSignal): Promise<void> {
    const source = this.#request.stdin;
    if (!source || !stdin) return;
    mayFail(stdin);
    try {
      await feed(source, stdin, AbortSignal.any([signal, this.life]));
      stdin.end();
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    await exit;
  }

  /** Past the cap it is read and dropped: the program is not to notice. */
  async #pump(kind: "stdout" | "stderr", source: Bytes): Promise<void> {
    let left = this.#request.maxOutputBytes;
    for await (const chunk of source) {
      const data = chunk.subarray(0, left);
      left -= data.length;
      if (data.length < chunk.length) this.#truncated[kind] = true;
      if (data.length > 0) await this.#events.put({ kind, data });
    }
  }
}
