import type { Readable } from "node:stream";
import type { Backend, BackendExec } from "../../backends/backend.ts";
import { workspace } from "./cave-path.ts";
import { failureOf } from "./failure.ts";
import { collect, mayFail, readableOf, splitAt, type Bytes } from "./streams.ts";

const wordsKept = 4096;
const answerLimit = 8 * 2 ** 20;
const headLimit = 64 * 1024;

/** Before every script: paths come escaped (`argumentOf`), and a failure that the script itself sees is named. */
const prelude = `
path() { path=$(printf %b. "$1"); path=\${path%.}; }
no() { echo "ghost:$1" >&2; exit 1; }
there() { [ -e "$1" ] || stat -c %s -- "$1" >&2 || exit 1; }
`;

/** The same words and times whatever the image's locale. */
const environment = { LC_ALL: "C", TZ: "UTC0" };

export interface Running extends AsyncDisposable {
  readonly stdin: BackendExec["stdin"];
  readonly stdout: Readable;
  /** Resolves when the script has succeeded; rejects with why not. */
  readonly done: Promise<void>;
}

export interface ScriptOptions {
  stdin?: boolean;
  env?: Record<string, string>;
}

/** The cave's own sh, with small scripts that work with GNU's tools and with busybox'. */
export class Shell {
  readonly backend: Backend;
  readonly id: string;

  constructor(backend: Backend, id: string) {
    this.backend = backend;
    this.id = id;
  }

  async start(
    script: string,
    args: readonly string[],
    options: ScriptOptions,
    signal: AbortSignal,
  ): Promise<Running> {
    const running = await this.backend.exec(
      this.id,
      {
        argv: ["sh", "-c", prelude + script, "sh", ...args],
        env: { ...environment, ...options.env },
        cwd: workspace,
        stdin: options.stdin ?? false,
      },
      signal,
    );
    const words = collect(running.stderr, wordsKept, "drop").catch(() => Buffer.alloc(0));
    const done = running.exit.then(async ({ exitCode }) => {
      signal.throwIfAborted();
      if (exitCode !== 0) throw failureOf((await words).toString(), exitCode);
    });
    done.catch(() => undefined);
    if (running.stdin) mayFail(running.stdin);
    return {
      stdin: running.stdin,
      stdout: running.stdout,
      done,
      [Symbol.asyncDispose]: async () => running[Symbol.asyncDispose](),
    };
  }

  /** Runs a script whose answer is small. */
  async run(
    script: string,
    args: readonly string[],
    signal: AbortSignal,
    options: ScriptOptions = {},
  ): Promise<Buffer> {
    await using running = await this.start(script, args, options, signal);
    const [answer] = await Promise.all([collect(running.stdout, answerLimit, "refuse"), running.done]);
    return answer;
  }

  /** Runs a script that writes one line when it can begin, and then bytes without end. They belong to the caller, who leaves by destroying them. */
  async stream(
    script: string,
    args: readonly string[],
    signal: AbortSignal,
  ): Promise<{ head: string; body: (length?: number) => Readable; running: Running }> {
    const running = await this.start(script, args, {}, signal);
    try {
      const { head, found, rest } = await splitAt(running.stdout, "\n", headLimit);
      if (!found) {
        await running.done;
        throw failureOf("", -1);
      }
      const close = async () => running[Symbol.asyncDispose]();
      return {
        head: head.toString("latin1"),
        body: (length) => readableOf(whole(rest, running.done, length), close),
        running,
      };
    } catch (error) {
      await running[Symbol.asyncDispose]();
      throw error;
    }
  }
}

/** Ends in an error when the script does, or when it gave less than it promised: half of something is never taken for all of it. */
async function* whole(
  source: Bytes,
  done: Promise<void>,
  length: number | undefined,
): AsyncGenerator<Buffer> {
  let given = 0;
  for await (const chunk of source) {
    given += chunk.length;
    yield chunk;
  }
  await done;
  if (length !== undefined && given !== length) throw failureOf("ghost:file_changed", 1);
}
