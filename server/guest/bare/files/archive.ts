import type { Readable } from "node:stream";
import { AppError, isAppError } from "../../../lib/app-error.ts";
import { feed } from "../../../lib/feed.ts";
import { argumentOf, type BytePath } from "../cave-path.ts";
import type { Shell } from "../shell.ts";
import { mayFail } from "../streams.ts";

const pack = `
path "$1"
[ -h "$path" ] || there "$path"
command -v tar >/dev/null || exit 127
if [ -d "$path" ]; then
  cd -- "$path" || exit 1
  echo; exec tar -cf - .
fi
cd -- "\${path%/*}/" || exit 1
echo; exec tar -cf - -- "\${path##*/}"
`;

/** A folder's contents, or one file. Ends in an error when the cave's tar does. */
export async function readArchive(shell: Shell, path: BytePath, signal: AbortSignal): Promise<Readable> {
  const { body } = await shell.stream(pack, [argumentOf(path)], signal);
  return body();
}

const unpack = `
path "$1"
mkdir -p -- "$path" && cd -- "$path" || exit 1
exec tar -xf -
`;

export async function writeArchive(
  shell: Shell,
  path: BytePath,
  tar: Readable,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  mayFail(tar);
  const life = AbortSignal.any([signal, stop.signal]);
  try {
    await using running = await shell.start(unpack, [argumentOf(path)], { stdin: true }, life);
    mayFail(running.stdout).resume();
    const { stdin } = running;
    const sent = stdin ? feed(tar, stdin, life).then(() => stdin.end()) : Promise.resolve();
    await Promise.race([sent.catch(brokeOff), running.done]);
    await running.done;
  } catch (error) {
    signal.throwIfAborted();
    // What tar says of bytes that are no archive is different everywhere; what the system says is not.
    if (!isAppError(error, "cave_unreachable")) throw error;
    throw new AppError("bad_request", "That is not an archive the cave's tar can read.", { cause: error });
  } finally {
    stop.abort();
  }
}

function brokeOff(error: unknown): never {
  throw error instanceof AppError
    ? error
    : new AppError("bad_request", "The upload broke off.", { cause: error });
}
