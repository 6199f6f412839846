import { Readable } from "node:stream";
import { enterCave } from "../caves/enter.ts";
import type { Call } from "../context.ts";
import type { ExecEvent, ExecRequest } from "../guest/guest.ts";
import { AppError } from "../lib/app-error.ts";
import type { Event } from "./handler.ts";
import { chunkEncoder, encodeOutput } from "./output-text.ts";
import type { ExecExit, ExecInput, ExecResult, OutputChunk } from "#contract/inside.ts";

interface Input {
  params: { cave: string };
  query: {
    command?: string | undefined;
    cwd?: string | undefined;
    timeoutMs?: number | undefined;
    maxOutputBytes: number;
  };
  body: ExecInput | Readable;
}

/** The output as one answer, no larger than was asked for. */
export async function execResult(call: Call, input: Input, signal: AbortSignal): Promise<ExecResult> {
  const output = { stdout: new Collected(input), stderr: new Collected(input) };
  for await (const event of await start(call, input, signal)) {
    if (event.kind === "exit") return resultOf(event.exit, output.stdout, output.stderr);
    output[event.kind].add(event.data);
  }
  throw cutOff();
}

type Told = Event<"stdout", OutputChunk> | Event<"stderr", OutputChunk> | Event<"exit", ExecExit>;

/** The output as it comes. */
export async function* execEvents(
  call: Call,
  input: Input,
  signal: AbortSignal,
): AsyncGenerator<Told, void, undefined> {
  const encoders = { stdout: chunkEncoder(), stderr: chunkEncoder() };
  for await (const event of await start(call, input, signal)) {
    if (event.kind === "exit") {
      for (const name of ["stdout", "stderr"] as const) {
        const data = encoders[name].end();
        if (data) yield { event: name, data };
      }
      yield { event: "exit", data: event.exit };
      return;
    }
    const data = encoders[event.kind].push(event.data);
    if (data) yield { event: event.kind, data };
  }
  throw cutOff();
}

async function start(call: Call, input: Input, signal: AbortSignal): Promise<AsyncIterable<ExecEvent>> {
  const request = requestOf(input);
  const { guest } = await enterCave(
    call,
    { cave: input.params.cave, scope: "caves:exec", activity: "exec" },
    signal,
  );
  return guest.exec(request, signal);
}

/** A raw body is stdin, and then the command is in the query. */
function requestOf({ body, query }: Input): ExecRequest {
  if (!(body instanceof Readable)) {
    const { stdin, ...rest } = body;
    return { ...rest, ...(stdin !== undefined && { stdin: Readable.from([Buffer.from(stdin)]) }) };
  }
  const { command, ...rest } = query;
  if (command === undefined) {
    throw new AppError(
      "invalid_input",
      "query.command: Give the command in the query when the body is its stdin.",
    );
  }
  // What gives up on its stdin must not take the connection with it, on which the answer goes.
  const stdin = Readable.from(body.iterator({ destroyOnReturn: false }), { objectMode: false });
  return { command, ...rest, stdin };
}

/** Output as far as it was asked for. The cave counts too; but it is the cave that would be lying. */
class Collected {
  readonly #chunks: Buffer[] = [];
  #room: number;
  #dropped = false;

  constructor({ body, query }: Input) {
    this.#room = body instanceof Readable ? query.maxOutputBytes : body.maxOutputBytes;
  }

  add(data: Buffer): void {
    const kept = data.subarray(0, this.#room);
    if (kept.length > 0) this.#chunks.push(kept);
    this.#room -= kept.length;
    this.#dropped ||= kept.length < data.length;
  }

  end(truncated: boolean): { text: string; encoding: "utf8" | "base64"; truncated: boolean } {
    const cut = truncated || this.#dropped;
    return { ...encodeOutput(Buffer.concat(this.#chunks), cut), truncated: cut };
  }
}

function resultOf(exit: ExecExit, stdout: Collected, stderr: Collected): ExecResult {
  const out = stdout.end(exit.truncated.stdout);
  const err = stderr.end(exit.truncated.stderr);
  return {
    exitCode: exit.exitCode,
    ...(exit.signal !== undefined && { signal: exit.signal }),
    timedOut: exit.timedOut,
    stdout: out.text,
    stderr: err.text,
    encoding: { stdout: out.encoding, stderr: err.encoding },
    truncated: { stdout: out.truncated, stderr: err.truncated },
    durationMs: exit.durationMs,
  };
}

const cutOff = () => new AppError("cave_unreachable", "The cave broke off before the command had ended.");
