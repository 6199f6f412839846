import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import Docker from "dockerode";

const run = promisify(execFile);

/** An engine of its own in a network namespace of its own, to be killed. */
export class PrivateEngine implements AsyncDisposable {
  readonly host: string;
  readonly docker: Docker;
  readonly #folder: string;
  readonly #space: string;
  readonly #runtime: ChildProcess;
  #engine: ChildProcess | undefined;

  private constructor(folder: string, space: string) {
    this.#folder = folder;
    this.#space = space;
    this.host = `unix://${folder}/docker.sock`;
    this.docker = new Docker({ socketPath: `${folder}/docker.sock` });
    // Beside the engine, as a system runs it, so that the caves' processes outlive the engine's crash.
    const at = (name: string) => join(folder, name);
    this.#runtime = this.#spawn("containerd", [
      "--root",
      at("images"),
      "--state",
      at("tasks"),
      "--address",
      at("containerd.sock"),
    ]);
  }

  static async open(): Promise<PrivateEngine> {
    // Not under /tmp, which may be memory: the engine's storage wants a real file system.
    const folder = await mkdtemp("/var/tmp/ghost-engine-");
    const space = basename(folder);
    await run("ip", ["netns", "add", space]);
    const engine = new PrivateEngine(folder, space);
    await engine.start();
    return engine;
  }

  async start(): Promise<void> {
    const at = (name: string) => join(this.#folder, name);
    const where = [
      "--data-root",
      at("data"),
      "--exec-root",
      at("exec"),
      "--pidfile",
      at("pid"),
      "--containerd",
      at("containerd.sock"),
    ];
    const child = this.#spawn("dockerd", [...where, "-H", this.host]);
    this.#engine = child;
    for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt++) {
      const up = await this.docker.ping().then(
        () => true,
        () => false,
      );
      if (up) return;
      await pause(50);
    }
    throw new Error(
      `The private engine did not start:\n${(await readFile(at("log"), "utf8")).slice(-2_000)}`,
    );
  }

  /** As a crash would. */
  async kill(): Promise<void> {
    await end(this.#engine, "SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#engine, "SIGTERM");
    await end(this.#runtime, "SIGTERM");
    await run("ip", ["netns", "del", this.#space]);
    // The engine leaves its folder mounted on itself.
    const mounts = (await readFile("/proc/self/mounts", "utf8"))
      .split("\n")
      .map((line) => line.split(" ")[1] ?? "");
    for (const mount of mounts.filter((path) => path.startsWith(`${this.#folder}/`)).reverse())
      await run("umount", ["-l", mount]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** In the engine's own network; `ip netns exec` would hide the control groups with a new /sys. */
  #spawn(program: string, options: readonly string[]): ChildProcess {
    const log = openSync(join(this.#folder, "log"), "a");
    const child = spawn("nsenter", [`--net=/var/run/netns/${this.#space}`, program, ...options], {
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    return child;
  }
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, "exit");
}
