import { AppError } from "../../lib/app-error.ts";
import type { ExecEvent, ExecRequest } from "../guest.ts";
import type { Answer, DaemonClient } from "./client.ts";
import { FrameParser } from "./frame-parser.ts";
import { daemonPath, type ExecHead } from "#contract/daemon.ts";
import { execChannel } from "#contract/frames.ts";
import { ExecExit } from "#contract/inside.ts";

const exitLimit = 65_536;

/** See `daemonPath.exec`. Leaving the iteration closes the connection, and with it ends the process group. */
export async function exec(
  client: DaemonClient,
  { stdin, ...input }: ExecRequest,
  signal: AbortSignal,
): Promise<AsyncIterable<ExecEvent>> {
  const head = Buffer.from(JSON.stringify({ ...input, stdin: stdin !== undefined } satisfies ExecHead));
  const start = Buffer.alloc(4 + head.length);
  start.writeUInt32BE(head.length);
  head.copy(start, 4);
  const sent = stdin ? { first: start, body: stdin } : { body: start };
  const answer = await client.open({ method: "POST", path: daemonPath.exec, ...sent }, signal);
  // Nobody reads the rest of its stdin when the process has ended.
  if (stdin) answer.req.once("close", () => stdin.destroy());
  return events(answer, signal);
}

async function* events({ req, res }: Answer, signal: AbortSignal): AsyncGenerator<ExecEvent> {
  const parser = new FrameParser();
  let tail = "";
  let exit: ExecExit | undefined;
  try {
    for await (const chunk of res as AsyncIterable<Buffer>) {
      for (const { channel, data, complete } of parser.push(chunk)) {
        if (channel === execChannel.stdout) yield { kind: "stdout", data };
        else if (channel === execChannel.stderr) yield { kind: "stderr", data };
        else if (tail.length > exitLimit) throw nonsense();
        else {
          tail += data.toString("latin1"); // the daemon writes the exit in ASCII
          if (complete) exit = parseExit(tail);
        }
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError) throw error;
    throw new AppError("cave_unreachable", "The cave went away while the command ran.", { cause: error });
  } finally {
    if (!req.writableFinished) req.destroy(); // the process ended without reading all of its stdin
  }
  if (!exit) throw new AppError("cave_unreachable", "The cave went away while the command ran.");
  yield { kind: "exit", exit }; // after the answer's end, so that its connection can be used again
}

function parseExit(text: string): ExecExit {
  try {
    return ExecExit.parse(JSON.parse(text));
  } catch (error) {
    throw nonsense(error);
  }
}

function nonsense(cause?: unknown): AppError {
  return new AppError("cave_unreachable", "The cave's daemon answered nonsense.", { cause });
}
