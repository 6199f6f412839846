import { randomInt } from "node:crypto";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect } from "vitest";
import type { Backend, CaveSpec, ExecSpec } from "../backend.ts";
import type { Limits } from "#contract/cave.ts";

/** What the contract needs to know of a backend's world. */
export interface Fixture extends AsyncDisposable {
  /** Opens one more backend on the same world, for the suite's instance or for another. */
  open(instance?: string): Promise<Backend>;
  readonly images: {
    /** Without a daemon: has `sh`, `cat`, `tar` and `sleep`. */
    plain: string;
    /** With one; its own program prints `to stdout` and `to stderr`, then stays. */
    talks: string;
    /** Its program ends at once. */
    exits: string;
    /** Can be reached without a network, if that takes something of the image. */
    alone: string;
  };
  /** Has the cave answer connections to a port with what they send. */
  echo(backend: Backend, id: string, port: number): Promise<void>;
}

export const soon = (ms = 30_000) => AbortSignal.timeout(ms);

export const limits: Limits = { cpus: 1, memoryMb: 128, pids: 64, diskMb: 256 };

export function newId(): string {
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  return `cave-${Array.from({ length: 16 }, () => letters[randomInt(32)]).join("")}`;
}

export async function specOf(
  backend: Backend,
  image: string,
  given: Partial<CaveSpec> = {},
): Promise<CaveSpec> {
  const info = await backend.image(image, soon());
  if (!info) throw new Error(`The fixture has no image ${image}.`);
  return {
    id: newId(),
    name: "contract",
    image: info,
    limits,
    network: { mode: "open" },
    env: { GREETING: "hello there" },
    ...given,
  };
}

export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs to the end and collects what it says. */
export async function ran(
  backend: Backend,
  id: string,
  command: string,
  given: Partial<ExecSpec> = {},
): Promise<Ran> {
  const running = await backend.exec(id, { argv: ["sh", "-c", command], stdin: false, ...given }, soon());
  const [stdout, stderr, { exitCode }] = await Promise.all([
    text(running.stdout),
    text(running.stderr),
    running.exit,
  ]);
  return { exitCode, stdout, stderr };
}

/** One world and one backend for a block of tests, and what takes both away again with all that was made. */
export function useFixture(open: () => Promise<Fixture>) {
  const at: { fixture?: Fixture; backend?: Backend } = {};
  const made = new Set<string>();
  const need = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error("Not before the tests begin.");
    return part;
  };
  beforeAll(async () => {
    at.fixture = await open();
    at.backend = await at.fixture.open();
  });
  afterAll(async () => {
    const { backend, fixture } = at;
    for (const id of made) await backend?.remove(id, { keepWorkspace: false }, soon());
    expect(await backend?.list(soon()), "nothing of the tests is left").toEqual([]);
    await backend?.[Symbol.asyncDispose]();
    await fixture?.[Symbol.asyncDispose]();
  });
  return {
    get fixture() {
      return need(at.fixture);
    },
    get backend() {
      return need(at.backend);
    },
    /** A spec whose cave is removed after the tests. */
    async spec(image: keyof Fixture["images"] = "plain", given: Partial<CaveSpec> = {}): Promise<CaveSpec> {
      const spec = await specOf(need(at.backend), need(at.fixture).images[image], given);
      made.add(spec.id);
      return spec;
    },
    async running(image: keyof Fixture["images"] = "plain", given: Partial<CaveSpec> = {}): Promise<string> {
      const spec = await this.spec(image, given);
      await this.backend.create(spec, soon());
      await this.backend.start(spec.id, soon());
      return spec.id;
    },
  };
}
