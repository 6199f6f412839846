import type { Writable } from "node:stream";
import type { Exit, Started } from "../exec/start.ts";
import { Changes } from "../lib/changes.ts";
import { OutputRing } from "../lib/output-ring.ts";
import { readProcess } from "./proc.ts";
import type { Process } from "#contract/inside.ts";

const ringBytes = 2 ** 20;
/** Its background children may hold its output open for ever; a follower is let go so long after its end. */
const lingerMs = 100;

/** A process that was started through the API: its output is kept, and how it ended. */
export class ManagedProcess {
  readonly pid: number;
  readonly stdin: Writable | undefined;
  readonly ring = new OutputRing(ringBytes);
  readonly changes = new Changes();
  /** No more output is waited for. */
  ended = false;
  exit: Exit | undefined;
  readonly #command: string;
  readonly #name: string | undefined;
  readonly #startedAt = new Date().toISOString();

  constructor(child: Started, command: string, name: string | undefined) {
    this.pid = child.pid;
    this.stdin = child.stdin;
    this.#command = command;
    this.#name = name;
    child.stdout.on("data", (data: Buffer) => {
      this.ring.append(data);
      this.changes.announce();
    });
    const closed = new Promise<void>((resolve) => child.stdout.once("close", () => resolve()));
    void child.exited.then(async (exit) => {
      this.exit = exit;
      child.stdin?.destroy();
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, lingerMs))]);
      this.ended = true;
      this.changes.announce();
    });
  }

  get info(): Process {
    const live = this.exit ? undefined : readProcess(this.pid);
    return {
      pid: this.pid,
      parent: live?.parent ?? process.pid,
      command: this.#command,
      ...(this.#name !== undefined && { name: this.#name }),
      managed: true,
      running: this.exit === undefined,
      startedAt: this.#startedAt,
      cpuMs: live?.cpuMs ?? 0,
      memoryBytes: live?.memoryBytes ?? 0,
      ...(this.exit && { exitCode: this.exit.exitCode }),
      ...(this.exit?.signal !== undefined && { signal: this.exit.signal }),
      outputBytes: this.ring.end,
    };
  }
}
