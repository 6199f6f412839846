import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { constants, mkdtempSync, openSync, rmSync, unlinkSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { childEnvironment } from "../lib/environment.ts";
import { runFolder } from "../lib/run-folder.ts";

/**
 * Real pipes for processes. The pipes of node:child_process are sockets, and a process cannot open a socket by name: `echo x > /dev/stderr` or
 * `open("/dev/stdin")` would fail. Node can make no pipe itself, so `mkfifo` makes named ones in stock; taken, they lose their name at once.
 */
const batch = 32;
let folder: string | undefined;
let made = 0;
let stock: string[] = [];
let refill: Promise<void> | undefined;

function newNames(): string[] {
  folder ??= mkdtempSync(`${runFolder}/ghost-pipes-`);
  return Array.from({ length: batch }, () => `${String(folder)}/${(made++).toString(36)}`);
}

/** Fills the stock, so that the next process does not wait for it. */
export function stockPipes(): Promise<void> {
  refill ??= new Promise<void>((resolve) => {
    const names = newNames();
    const done = (code: number | null) => {
      if (code === 0) stock.push(...names);
      refill = undefined;
      resolve();
    };
    spawn("mkfifo", ["-m", "600", ...names], { stdio: "ignore", env: childEnvironment() })
      .once("error", () => done(null))
      .once("exit", done);
  });
  return refill;
}

export function dropPipes(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
  stock = [];
}

function take(): string {
  if (stock.length < batch / 2) void stockPipes();
  let name = stock.pop();
  if (name === undefined) {
    const names = newNames();
    const { status } = spawnSync("mkfifo", ["-m", "600", ...names], {
      stdio: "ignore",
      env: childEnvironment(),
    });
    if (status !== 0) throw new Error("mkfifo failed");
    stock.push(...names);
    name = stock.pop() ?? "";
  }
  return name;
}

export interface PipeFromChild {
  stream: Readable;
  childFd: number;
}

export interface PipeToChild {
  stream: Writable;
  childFd: number;
}

/** Our end does not block, the child's does. Close `childFd` when the child has it. */
export function pipeFromChild(): PipeFromChild {
  const name = take();
  const ours = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  const childFd = openSync(name, constants.O_WRONLY);
  unlinkSync(name);
  return { stream: new Socket({ fd: ours, readable: true, writable: false }), childFd };
}

/**
 * A named pipe will not do here: after our end is closed, a process that opens /dev/stdin would wait for a writer for ever. So a short-lived perl
 * makes one without a name and we open it through /proc.
 */
export async function pipeToChild(): Promise<PipeToChild> {
  const maker = spawn("perl", ["-e", "pipe(R, W) or die; $| = 1; print fileno(R); <STDIN>"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: childEnvironment(),
  });
  maker.stdin.on("error", () => undefined);
  try {
    const failed = once(maker, "exit").then(() => Promise.reject(new Error("perl made no pipe")));
    const [fd] = (await Promise.race([once(maker.stdout, "data"), failed])) as [Buffer];
    const pipe = `/proc/${String(maker.pid)}/fd/${fd.toString()}`;
    const childFd = openSync(pipe, constants.O_RDONLY);
    const ours = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    return { stream: new Socket({ fd: ours, readable: false, writable: true }), childFd };
  } finally {
    maker.stdin.end();
  }
}
