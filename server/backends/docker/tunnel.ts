import { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { AppError, isAppError } from "../../lib/app-error.ts";
import type { BackendExec } from "../backend.ts";
import type { Engine } from "./engine.ts";
import { exec } from "./exec.ts";

/** How long the far side may go on talking after our side has ended, in seconds. */
const halfOpenSeconds = 600;
/** What socat is given to end by itself once both sides have. */
const graceMs = 1_000;

const farEnd = /socket 2 \(fd \d+\) is at EOF/;

/** Reaches a port from inside the cave, where it has no address for us: `socat` between its standard streams and the port. */
export async function tunnel(engine: Engine, id: string, port: number, signal: AbortSignal): Promise<Duplex> {
  const { imageId } = await engine.containers.of(id, signal);
  if (engine.withoutSocat.has(imageId)) throw noSocat();
  const life = new AbortController();
  const abort = () => life.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    const argv = ["socat", "-d", "-d", "-t", String(halfOpenSeconds), "-", `TCP:127.0.0.1:${port}`];
    const running = await exec(engine, id, { argv, stdin: true }, life.signal);
    endWithFarSide(running);
    await connected(running, port).catch((error: unknown) => {
      if (isAppError(error, "surface_unavailable")) engine.withoutSocat.add(imageId);
      throw error;
    });
    life.signal.throwIfAborted();
    return new Tunnel(running, (work) => engine.background.add(work));
  } catch (error) {
    life.abort();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** socat says on stderr when it has reached the port, or ends. */
async function connected(running: BackendExec, port: number): Promise<void> {
  const said = await new Promise<string | undefined>((resolve) => {
    let words = "";
    running.stderr.on("data", (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-4096);
      if (words.includes("starting data transfer loop")) resolve(undefined);
    });
    running.stderr.once("close", () => resolve(words));
  });
  if (said === undefined) return;
  // The engine's own words come on the other stream. A cave that is going down fails with the same code, so the code alone says nothing.
  if (/executable file not found|no such file/i.test(await text(running.stdout))) throw noSocat();
  throw new AppError("cave_unreachable", `Nothing answers on port ${port} of the cave.`, {
    cause: new Error(said),
  });
}

/** The engine ends the stream when socat ends, and socat waits for us where only the cave's side has ended: it may have by the time it is reached. */
function endWithFarSide({ stderr, stdin }: BackendExec): void {
  let words = "";
  stderr.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4096);
    if (farEnd.test(words)) stdin?.end();
  });
}

function noSocat(): AppError {
  return new AppError(
    "surface_unavailable",
    "The port can only be reached from inside the cave, and its image has no socat to do that.",
  );
}

class Tunnel extends Duplex {
  readonly #exec: BackendExec;
  readonly #track: (work: Promise<unknown>) => void;

  constructor(running: BackendExec, track: (work: Promise<unknown>) => void) {
    super({ allowHalfOpen: true });
    this.#exec = running;
    this.#track = track;
    running.stdout.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) running.stdout.pause();
    });
    running.stdout.once("end", () => this.push(null));
    running.stdout.once("error", (error) => this.destroy(error));
    running.stdout.once("close", () => {
      if (!running.stdout.readableEnded) this.destroy();
    });
    running.stdout.pause();
  }

  override _read(): void {
    this.#exec.stdout.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const { stdin } = this.#exec;
    // To a server that has closed; what it said may still be on its way here.
    if (!stdin || stdin.writableEnded) done();
    else stdin.write(chunk, encoding, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    const { stdin } = this.#exec;
    if (!stdin || stdin.writableEnded) done();
    else stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#track(this.#close());
    done(error);
  }

  async #close(): Promise<void> {
    this.#exec.stdin?.end();
    this.#exec.stdout.resume();
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(resolve, graceMs, undefined);
    await Promise.race([this.#exec.exit.catch(() => undefined), late]);
    clearTimeout(timer);
    await this.#exec[Symbol.asyncDispose]();
  }
}
