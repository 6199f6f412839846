import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

export interface MemoryGateway extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  /** With which headers port 3000 of each cave is reached. */
  readonly caves: Record<string, Record<string, string>>;
  /** Open files, and resident memory in bytes. */
  usage(): { files: number; rss: number };
  readonly ended: boolean;
}

/** A gateway without an engine in a process of its own. All ports of each cave lead to the port of this machine that is given. */
export async function startMemoryGateway(leads: Record<string, number>): Promise<MemoryGateway> {
  const home = await mkdtemp(join(tmpdir(), "ghost-memory-"));
  const port = await freePort();
  const named = Object.entries(leads).map(([name, target]) => `${name}=${target}`);
  const script = join(import.meta.dirname, "memory-gateway.ts");
  const child = spawn(process.execPath, [script, home, String(port), ...named], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pid = child.pid ?? 0;
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { caves } = JSON.parse(line.toString()) as Pick<MemoryGateway, "caves">;
  return {
    pid,
    port,
    caves,
    get ended() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    usage: () => ({
      files: readdirSync(`/proc/${pid}/fd`).length,
      rss: Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024,
    }),
    async [Symbol.asyncDispose]() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
      await rm(home, { recursive: true, force: true });
    },
  };
}
