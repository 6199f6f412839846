import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect } from "vitest";
import type { Backend } from "../../../backends/backend.ts";
import { limits, newId, soon } from "../../../backends/contract/fixture.ts";
import { openFixture } from "../../../backends/docker/testing/fixture.ts";
import { testImages } from "../../../backends/docker/testing/images.ts";
import type { ExecEvent, ExecRequest, Guest, ReadOptions, WriteOptions } from "../../guest.ts";
import { openBareGuest } from "../bare-guest.ts";

export const MB = 2 ** 20;
export const oddNames = [
  "with space",
  "new\nline",
  "ends in newline\n",
  `quo"te's`,
  "-rf",
  "$HOME `id` \\0101 %s",
  "ünï中文",
  "b:%FF%FE",
];

export interface BareCave {
  readonly id: string;
  readonly backend: Backend;
  readonly guest: Guest;
  start(input: Partial<ExecRequest>, signal?: AbortSignal): Promise<AsyncIterable<ExecEvent>>;
  run(input: Partial<ExecRequest> | string, signal?: AbortSignal): Promise<Told>;
  /** What a command says on stdout. */
  sh(command: string): Promise<string>;
  put(path: string, bytes: Buffer | string, options?: Partial<WriteOptions>): ReturnType<Guest["writeFile"]>;
  get(path: string, options?: ReadOptions): Promise<Buffer>;
  /** How many processes carry this among their arguments. */
  alive(word: string): Promise<number>;
  /** For the end of the tests. */
  defer(work: () => void): void;
}

/** Runs the tests in a real cave of busybox and in one of Debian. */
export function describeBareCaves(what: string, tests: (cave: BareCave) => void): void {
  describe.each([
    ["busybox", () => Promise.resolve(testImages.plain)],
    ["debian", debian],
  ] as const)(`${what} of a cave of %s without a daemon`, (_, imageOf) => tests(useCave(imageOf)));
}

function useCave(imageOf: (backend: Backend) => Promise<string>): BareCave {
  const id = newId();
  const closing = new AsyncDisposableStack();
  let opened: { backend: Backend; guest: Guest } | undefined;
  beforeAll(async () => {
    const fixture = closing.use(await openFixture({ host: undefined }));
    const backend = closing.use(await fixture.open());
    const found = await backend.image(await imageOf(backend), soon());
    if (!found) throw new Error("There is no image.");
    const { daemon: _daemon, ...image } = found;
    closing.defer(() => backend.remove(id, { keepWorkspace: false }, soon()));
    await backend.create({ id, name: "bare", image, limits, network: { mode: "open" }, env: {} }, soon());
    await backend.start(id, soon());
    const guest = closing.use(openBareGuest({ id, backend }));
    await guest.ready(soon());
    opened = { backend, guest };
  });
  afterAll(() => closing.disposeAsync());

  const now = () => {
    if (!opened) throw new Error("Not before the tests begin.");
    return opened;
  };
  const cave: BareCave = {
    id,
    get backend() {
      return now().backend;
    },
    get guest() {
      return now().guest;
    },
    start: (input, signal = soon(60_000)) => cave.guest.exec({ maxOutputBytes: MB, ...input }, signal),
    run: async (input, signal) =>
      told(await cave.start(typeof input === "string" ? { command: input } : input, signal)),
    sh: async (command) => (await cave.run(command)).stdout.toString(),
    put: (path, bytes, options) =>
      cave.guest.writeFile(path, Readable.from([Buffer.from(bytes)]), { mkdirs: false, ...options }, soon()),
    get: async (path, options = {}) => buffer((await cave.guest.readFile(path, options, soon())).stream),
    alive: async (word) =>
      (await cave.guest.processes(soon())).filter(({ command }) => command.includes(word)).length,
    defer: (work) => closing.defer(work),
  };
  return cave;
}

/** Debian's tools, from whichever of our images there is. */
async function debian(backend: Backend): Promise<string> {
  for (const ref of ["ghost/debian:trixie", "ghost/cave:base"])
    if (await backend.image(ref, soon())) return ref;
  throw new Error("The engine has neither ghost/debian:trixie nor ghost/cave:base.");
}

export interface Told {
  stdout: Buffer;
  stderr: Buffer;
  exit: Extract<ExecEvent, { kind: "exit" }>["exit"];
}

export async function told(events: AsyncIterable<ExecEvent>): Promise<Told> {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  for await (const event of events) {
    if (event.kind === "exit") {
      return { stdout: Buffer.concat(parts.stdout), stderr: Buffer.concat(parts.stderr), exit: event.exit };
    }
    parts[event.kind].push(event.data);
  }
  throw new Error("It ended without an exit.");
}

export const sha = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** An error of this code. */
export const code = (error: string) => expect.objectContaining({ code: error }) as unknown;
