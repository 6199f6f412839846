import { PassThrough, type Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { AppError } from "../../lib/app-error.ts";
import type { BackendExec, ExecSpec } from "../backend.ts";

type Exec = (spec: ExecSpec) => Promise<BackendExec>;

export async function putArchive(
  exec: Exec,
  path: string,
  tar: Readable,
  signal: AbortSignal,
): Promise<void> {
  await using running = await exec({
    argv: ["sh", "-c", 'mkdir -p -- "$1" && exec tar -xf - -C "$1"', "sh", path],
    cwd: "/",
    stdin: true,
  });
  running.stdout.resume();
  const said = text(running.stderr);
  if (running.stdin) await pipeline(tar, running.stdin, { signal });
  if ((await running.exit).exitCode !== 0)
    throw new AppError("bad_request", "That is not an archive the cave's tar can read.", {
      cause: new Error(await said),
    });
}

export async function getArchive(exec: Exec, path: string): Promise<Readable> {
  const script =
    'if [ -d "$1" ]; then exec tar -cf - -C "$1" .; else exec tar -cf - -C "$(dirname "$1")" -- "$(basename "$1")"; fi';
  const running = await exec({ argv: ["sh", "-c", script, "sh", path], cwd: "/", stdin: false });
  const said = text(running.stderr);
  const whole = new PassThrough({
    final(done) {
      void running.exit.then(async ({ exitCode }) => {
        done(
          exitCode === 0
            ? null
            : new AppError("file_not_found", "The cave has no such path.", { cause: new Error(await said) }),
        );
      });
    },
  });
  whole.once("close", () => void running[Symbol.asyncDispose]());
  pipeline(running.stdout, whole).catch(() => undefined);
  return whole;
}
