import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { home } from "./lib/cave-path.ts";
import { childEnvironment } from "./lib/environment.ts";
import { sendJson, type Handler } from "./lib/exchange.ts";
import type { DaemonMetrics } from "#contract/daemon.ts";

const group = "/sys/fs/cgroup";

export const readMetrics: Handler = ({ res }) => {
  sendJson(res, (version2() ?? version1()) satisfies DaemonMetrics);
};

function version2(): DaemonMetrics | undefined {
  const cpu = /^usage_usec (\d+)$/m.exec(read("cpu.stat"))?.[1];
  if (cpu === undefined) return undefined;
  return {
    cpuMs: Number(cpu) / 1000,
    memoryBytes: number("memory.current") - idleCache("memory.stat", "inactive_file"),
    memoryLimitBytes: limit("memory.max"),
    pids: number("pids.current"),
  };
}

function version1(): DaemonMetrics {
  return {
    cpuMs: number("cpuacct/cpuacct.usage") / 1e6,
    memoryBytes:
      number("memory/memory.usage_in_bytes") - idleCache("memory/memory.stat", "total_inactive_file"),
    memoryLimitBytes: limit("memory/memory.limit_in_bytes"),
    pids: number("pids/pids.current"),
  };
}

function read(file: string): string {
  try {
    return readFileSync(`${group}/${file}`, "latin1");
  } catch {
    return "";
  }
}

const number = (file: string) => Number.parseInt(read(file), 10) || 0;
/** Files that the kernel drops before it refuses memory: not what the cave needs. */
const idleCache = (file: string, field: string) =>
  Number(new RegExp(`^${field} (\\d+)$`, "m").exec(read(file))?.[1] ?? 0);

/** 0: none. The kernel says so with `max`, or with a number larger than any machine. */
function limit(file: string): number {
  const value = number(file);
  return value > 2 ** 60 ? 0 : value;
}

const freshMs = 60_000;
let counted: { at: number; bytes: Promise<number> } | undefined;

/** Counting walks through all files: at most once a minute. */
export const diskUsage: Handler = async ({ res }) => {
  if (!counted || performance.now() - counted.at > freshMs)
    counted = { at: performance.now(), bytes: count() };
  sendJson(res, { diskBytes: await counted.bytes });
};

function count(): Promise<number> {
  const folders = new Set([home, childEnvironment()["HOME"] ?? home]);
  const child = spawn("du", ["-skxc", "--", ...folders], {
    stdio: ["ignore", "pipe", "ignore"],
    env: childEnvironment(),
  });
  let last = "";
  child.stdout.on("data", (data: Buffer) => (last = (last + data.toString("latin1")).slice(-4096)));
  return new Promise((resolve) => {
    child.once("error", () => resolve(0));
    child.once("close", () => resolve(Number(/^(\d+)\ttotal$/m.exec(last)?.[1] ?? 0) * 1024));
  });
}
