import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Config } from "./config.ts";

/** Makes the installation's folder, which nobody else can look into. */
export function prepareHome(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if ((statSync(home).mode & 0o077) !== 0) chmodSync(home, 0o700);
}

/**
 * Makes sure that one gateway alone works on a home. The lock is SQLite's on an empty file: the kernel lets go of it however the process
 * ends, so nothing is ever stale.
 */
export function lockHome(config: Pick<Config, "home" | "paths">): Disposable {
  const lock = new DatabaseSync(config.paths.lock, { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch {
    lock.close();
    throw new Error(
      `A gateway already runs on ${config.home}. Stop it with \`npm run down\`, or give another GHOST_HOME.`,
    );
  }
  return { [Symbol.dispose]: () => lock.close() };
}

/** Tells other processes who the gateway is and where it answers; whoever started it may have done so already, and knows more. */
export function writePidFile(path: string, url: string): Disposable {
  const record = { pid: process.pid, started: startOfThisProcess(), url };
  if (!isRecordOf(path, record)) {
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, `${JSON.stringify(record)}\n`, { mode: 0o600 });
    renameSync(temporary, path);
  }
  return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
}

function isRecordOf(path: string, { pid, started }: { pid: number; started: string }): boolean {
  try {
    const kept = JSON.parse(readFileSync(path, "utf8")) as { pid?: unknown; started?: unknown };
    return kept.pid === pid && kept.started === started;
  } catch {
    return false;
  }
}

/** With the number it names a process for good: a number alone is used again. */
function startOfThisProcess(): string {
  if (process.platform !== "linux") {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(process.pid)], { encoding: "utf8" }).trim();
  }
  const stat = readFileSync("/proc/self/stat", "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
