import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { request, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ExecHead, ExecTail } from "#contract/daemon.ts";
import { execChannel } from "#contract/frames.ts";

export const token = "a token for tests";
export const tokenHash = createHash("sha256").update(token).digest("hex");
const entry = new URL("../main.ts", import.meta.url).pathname;
const isRoot = process.getuid?.() === 0;

export interface TestDaemon extends AsyncDisposable {
  pid: number;
  port: number;
  /** A folder that the daemon's user owns. */
  folder: string;
  stderr: string[];
  exited: Promise<number | null>;
  request(method: string, path: string, body?: RequestBody, headers?: Record<string, string>): Promise<Reply>;
  /** The request without waiting for its answer's body. */
  open(
    method: string,
    path: string,
    body?: RequestBody,
    headers?: Record<string, string>,
  ): Promise<IncomingMessage>;
  exec(head: Partial<ExecHead>, stdin?: string | Buffer): Promise<ExecOutcome>;
}

export type RequestBody = string | Buffer | object | undefined;

export interface Reply {
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
  json: never;
}

export interface ExecOutcome extends ExecTail {
  stdout: Buffer;
  stderr: Buffer;
}

/** The real daemon as a process of this machine, as a user without rights where the tests run as root. */
export async function startDaemon(env: Record<string, string> = {}): Promise<TestDaemon> {
  const folder = await mkdtemp(join(tmpdir(), "caved-test-"));
  await chmod(folder, 0o777);
  const user = isRoot ? { uid: 1000, gid: 1000 } : {};
  const child = spawn(process.execPath, ["--no-warnings", entry], {
    stdio: ["ignore", "ignore", "pipe"],
    cwd: "/",
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      GHOST_DAEMON_TOKEN_SHA256: tokenHash,
      GHOST_DAEMON_PORT: "0",
      GHOST_DAEMON_WORKSPACE: folder,
      ...env,
    },
    ...user,
  });
  const stderr: string[] = [];
  const lines = createInterface(child.stderr);
  lines.on("line", (line) => stderr.push(line));
  const exited = once(child, "exit").then(([code]) => code as number | null);
  await Promise.race([once(lines, "line"), exited]);
  const port = (JSON.parse(stderr[0] ?? "{}") as { address?: { port: number } }).address?.port ?? 0;

  const daemon: TestDaemon = {
    pid: child.pid ?? 0,
    port,
    folder,
    stderr,
    exited,
    open: (method, path, body, headers = {}) => open(port, method, path, body, headers),
    async request(method, path, body, headers) {
      const res = await daemon.open(method, path, body, headers);
      const chunks = await res.toArray();
      const bytes = Buffer.concat(chunks as Buffer[]);
      return {
        status: res.statusCode ?? 0,
        headers: res.headers,
        body: bytes,
        get json() {
          return JSON.parse(bytes.toString()) as never;
        },
      };
    },
    async exec(head, stdin) {
      const reply = await daemon.request(
        "POST",
        "/exec",
        execBody({ stdin: stdin !== undefined, ...head }, stdin),
      );
      if (reply.status !== 200) throw new Error(reply.body.toString());
      return readFrames(reply.body);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
  return daemon;
}

/** Whether a process still runs; one that only waits to be reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

export function execBody(head: ExecHead | Partial<ExecHead>, stdin: string | Buffer = ""): Buffer {
  const json = Buffer.from(JSON.stringify(head));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(json.length);
  return Buffer.concat([size, json, Buffer.from(stdin)]);
}

export function readFrames(bytes: Buffer): ExecOutcome {
  const out: Record<number, Buffer[]> = {
    [execChannel.stdout]: [],
    [execChannel.stderr]: [],
    [execChannel.exit]: [],
  };
  for (let at = 0; at < bytes.length;) {
    const size = bytes.readUInt32BE(at + 1);
    out[bytes[at] ?? 0]?.push(bytes.subarray(at + 5, at + 5 + size));
    at += 5 + size;
  }
  const all = (channel: number) => Buffer.concat(out[channel] ?? []);
  return {
    ...(JSON.parse(all(execChannel.exit).toString()) as ExecTail),
    stdout: all(execChannel.stdout),
    stderr: all(execChannel.stderr),
  };
}

async function open(
  port: number,
  method: string,
  path: string,
  body: RequestBody,
  headers: Record<string, string>,
): Promise<IncomingMessage> {
  const req = request({
    host: "127.0.0.1",
    port,
    method,
    path,
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  req.on("error", () => undefined); // of a connection that breaks after its answer began
  req.end(
    body === undefined || typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  );
  const [res] = (await once(req, "response")) as [IncomingMessage];
  return res;
}
