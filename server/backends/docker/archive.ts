import { PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "../../lib/app-error.ts";
import type { BackendExec } from "../backend.ts";
import type { Engine } from "./engine.ts";
import { exec } from "./exec.ts";

const wordsKept = 4096;
const into = 'mkdir -p -- "$1" && cd -- "$1" && exec tar -xf -';
const from =
  'if [ -d "$1" ]; then cd -- "$1" && exec tar -cf - .; fi; cd -- "$(dirname -- "$1")" && exec tar -cf - -- "$(basename -- "$1")"';

/** By the cave's own tar and as its user: the engine's own unpacking runs as the host's root, and a cave can swap links under it. */
export async function putArchive(
  engine: Engine,
  id: string,
  path: string,
  tar: Readable,
  signal: AbortSignal,
): Promise<void> {
  await using running = await exec(engine, id, { argv: ["sh", "-c", into, "sh", path], stdin: true }, signal);
  const said = words(running);
  if (running.stdin) await pipeline(tar, running.stdin, { signal });
  const { exitCode } = await running.exit;
  signal.throwIfAborted();
  if (exitCode !== 0) throw refusal(path, exitCode, await said);
}

/** Ends in an error when the cave's tar does, so that half an archive is never taken for a whole one. */
export async function getArchive(
  engine: Engine,
  id: string,
  path: string,
  signal: AbortSignal,
): Promise<Readable> {
  const running = await exec(engine, id, { argv: ["sh", "-c", from, "sh", path], stdin: false }, signal);
  const said = words(running, false);
  const whole = new PassThrough({
    final(done) {
      running.exit.then(
        async ({ exitCode }) => done(exitCode === 0 ? null : refusal(path, exitCode, await said)),
        (error: unknown) => done(error as Error),
      );
    },
  });
  whole.once("close", () => engine.background.add(Promise.resolve(running[Symbol.asyncDispose]())));
  pipeline(running.stdout, whole).catch((error: unknown) => whole.destroy(error as Error));
  return whole;
}

/** The last of what the process says on stderr; its output is drained too unless somebody else reads it. */
async function words(running: BackendExec, drain = true): Promise<string> {
  if (drain) running.stdout.resume();
  let text = "";
  try {
    for await (const chunk of running.stderr as AsyncIterable<Buffer>)
      text = (text + chunk.toString()).slice(-wordsKept);
  } catch {
    // what there was will do
  }
  return text.trim();
}

function refusal(path: string, exitCode: number, said: string): AppError {
  const options = { details: { path }, cause: new Error(said) };
  if (/no space left/i.test(said)) return new AppError("disk_full", "The cave's disk is full.", options);
  if (/no such file|can't cd|can't open/i.test(said))
    return new AppError("file_not_found", "The cave has no such path.", options);
  if (/permission denied|read-only file system|operation not permitted/i.test(said)) {
    return new AppError("file_denied", "The cave's user may not touch this path.", options);
  }
  if (exitCode === 126 || exitCode === 127)
    return new AppError("surface_unavailable", "The cave's image has no sh or tar.", options);
  return new AppError("bad_request", "That is not an archive the cave's tar can read.", options);
}
