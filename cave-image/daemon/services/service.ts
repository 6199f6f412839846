import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { posix } from "node:path";
import { endGroup } from "../exec/kill.ts";
import { start, type Exit } from "../exec/start.ts";
import { home, parsePath } from "../lib/cave-path.ts";
import { Changes } from "../lib/changes.ts";
import { childEnvironment } from "../lib/environment.ts";
import { OutputRing } from "../lib/output-ring.ts";
import { pause } from "../lib/pause.ts";
import type { Program, ServiceDefinition } from "./definitions.ts";
import { becomesReady } from "./health.ts";
import type { ServiceState } from "#contract/cave.ts";

const logBytes = 262_144;
const readyWithinMs = 30_000;
const mostRestarts = 5;
const firstBackOffMs = 250;
/** Having been ready for so long, it may fail anew as often as at first. */
const steadyMs = 60_000;

/** One service: started when first asked for, looked after from then on. */
export class Service {
  readonly ring = new OutputRing(logBytes);
  readonly ended = false;
  readonly changes = new Changes();
  readonly #name: string;
  readonly #definition: ServiceDefinition;
  readonly #changed: () => void;
  #state: ServiceState = { state: "stopped", since: new Date().toISOString() };
  #run: AbortController | undefined;
  #failures = 0;

  constructor(name: string, definition: ServiceDefinition, changed: () => void) {
    this.#name = name;
    this.#definition = definition;
    this.#changed = changed;
  }

  get state(): ServiceState {
    return this.#state;
  }

  /** Resolves when it is ready, or has failed. */
  async start(): Promise<ServiceState> {
    if (!this.#run) {
      this.#run = new AbortController();
      this.#failures = 0;
      void this.#supervise(this.#run.signal);
    }
    while (this.#state.state === "starting") await this.changes.next();
    return this.#state;
  }

  async stop(): Promise<ServiceState> {
    this.#run?.abort();
    while (this.#run) await this.changes.next();
    this.#set("stopped");
    return this.#state;
  }

  async #supervise(stopped: AbortSignal): Promise<void> {
    let reason: string | undefined;
    while (!stopped.aborted && this.#failures <= mostRestarts) {
      this.#set("starting", reason);
      reason = await this.#runOnce(stopped);
      this.#note(reason);
      if (this.#failures++ < mostRestarts) await pause(firstBackOffMs * 2 ** (this.#failures - 1), stopped);
    }
    this.#run = undefined;
    if (stopped.aborted) this.changes.announce();
    else this.#set("failed", `${reason ?? ""} It was started again ${mostRestarts} times.`);
  }

  /** From the first program's start until one has ended; why, in a sentence. */
  async #runOnce(stopped: AbortSignal): Promise<string> {
    const over = new AbortController();
    const end = Promise.withResolvers<string>();
    const running: { pid: number; exited: Promise<Exit> }[] = [];
    const finish = (reason: string) => {
      end.resolve(reason);
      over.abort();
    };
    stopped.addEventListener("abort", () => finish("It was stopped."), { once: true });
    try {
      this.#prepare();
      for (const program of this.#definition.programs) {
        const child = await this.#launch(program);
        running.push(child);
        void child.exited.then((exit) => finish(`${program.argv[0] ?? ""} ended${how(exit)}.`));
        if (program.ready) {
          const ready = await becomesReady(
            program.ready,
            AbortSignal.any([over.signal, AbortSignal.timeout(readyWithinMs)]),
          );
          if (!ready) finish(`${program.argv[0] ?? ""} did not answer within ${readyWithinMs / 1000} s.`);
        }
        if (over.signal.aborted) break;
      }
    } catch (error) {
      finish(
        error instanceof Error ? `It could not be started: ${error.message}` : "It could not be started.",
      );
    }
    if (!over.signal.aborted) this.#set("ready");
    const steady = setTimeout(() => (this.#failures = 0), steadyMs);
    const reason = await end.promise;
    clearTimeout(steady);
    for (const { pid } of running) endGroup(pid);
    await Promise.all(running.map(({ exited }) => exited));
    return reason;
  }

  #prepare(): void {
    const { socket, shared } = this.#definition;
    mkdirSync(posix.dirname(socket), { recursive: true, mode: 0o700 });
    rmSync(socket, { force: true });
    if (shared === undefined) return;
    // Where it is there already it is another's, and as it has to be.
    if (mkdirSync(shared, { recursive: true }) !== undefined) chmodSync(shared, 0o1777);
  }

  async #launch({ argv, env }: Program): Promise<{ pid: number; exited: Promise<Exit> }> {
    const child = await start({
      program: argv,
      cwd: parsePath(home),
      env: childEnvironment(env),
      stdin: false,
      merge: true,
    });
    child.stdout.on("data", (data: Buffer) => {
      this.ring.append(data);
      this.changes.announce();
    });
    return child;
  }

  #set(state: ServiceState["state"], reason?: string): void {
    this.#state = { state, since: new Date().toISOString(), ...(reason !== undefined && { reason }) };
    this.changes.announce();
    this.#changed();
  }

  #note(text: string): void {
    this.ring.append(Buffer.from(`${new Date().toISOString()} ${this.#name}: ${text}\n`));
  }
}

function how({ exitCode, signal }: Exit): string {
  return signal === undefined ? ` with code ${String(exitCode)}` : ` by ${signal}`;
}
