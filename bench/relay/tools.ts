import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../tests/support/free-port.ts";
import { startMemoryGateway } from "../../tests/support/memory-gateway-process.ts";

const run = promisify(execFile);

export interface Process extends AsyncDisposable {
  pid: number;
  port: number;
  /** What a request needs to get through. */
  headers?: Record<string, string>;
}

/** What requests go to in the end. */
export const startTarget = () => startProcess(join(import.meta.dirname, "process.ts"));

/** A script in a process of its own, once it listens: it says its port on stdout. */
export async function startProcess(script: string, ...args: string[]): Promise<Process> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return {
    pid: child.pid ?? 0,
    port: Number(line.toString()),
    async [Symbol.asyncDispose]() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** The whole gateway before the target. */
export async function startBefore(target: Process): Promise<Process> {
  const { pid, port, caves, ...gateway } = await startMemoryGateway({ den: target.port });
  return { pid, port, headers: caves["den"] ?? {}, [Symbol.asyncDispose]: gateway[Symbol.asyncDispose] };
}

/** nginx as a proxy before the same target: one worker, keep-alive, no buffering, as the relay works. */
export async function startNginx(target: number): Promise<Process> {
  const folder = await mkdtemp(join(tmpdir(), "ghost-bench-nginx-"));
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  await writeFile(
    join(folder, "nginx.conf"),
    `worker_processes 1; daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http { access_log off; ${temporary.join(" ")} keepalive_requests 100000000; client_max_body_size 0;
  upstream target { server 127.0.0.1:${target}; keepalive 128; keepalive_requests 100000000; }
  server { listen 127.0.0.1:${port};
    location / { proxy_pass http://target; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_request_buffering off; } } }
`,
  );
  const child = spawn("nginx", ["-c", join(folder, "nginx.conf")], { stdio: "ignore" });
  for (let tries = 0; ; tries++) {
    const answers = await fetch(`http://127.0.0.1:${port}/`).then(
      (response) => response.ok,
      () => false,
    );
    if (answers) break;
    if (tries > 100) throw new Error("nginx does not answer");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    pid: child.pid ?? 0,
    port,
    async [Symbol.asyncDispose]() {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
      await rm(folder, { recursive: true });
    },
  };
}

/** Whether the programs are there, after an attempt to install them where that is allowed. */
export async function haveTools(packages: Record<string, string>): Promise<string | undefined> {
  const missing = async () => {
    const names: string[] = [];
    for (const program of Object.keys(packages)) {
      await run("sh", ["-c", `command -v ${program}`]).catch(() => names.push(program));
    }
    return names;
  };
  let names = await missing();
  if (names.length > 0 && process.getuid?.() === 0) {
    const wanted = names.map((name) => packages[name] ?? name);
    await run("apt-get", ["install", "-y", "--no-install-recommends", ...wanted]).catch(() => undefined);
    names = await missing();
  }
  return names.length === 0 ? undefined : `not measured: ${names.join(", ")} not installed`;
}

/** Requests per second and the median latency in milliseconds, with 64 connections that are kept alive. */
export async function wrk(
  { port, headers = {} }: Process,
  seconds: number,
): Promise<{ rate: number; p50: number }> {
  const args = [
    "-t1",
    "-c64",
    `-d${seconds}s`,
    "--latency",
    ...flagsOf(headers),
    `http://127.0.0.1:${port}/`,
  ];
  const { stdout } = await run("wrk", args);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`wrk: ${stdout}`);
  const [, value, unit] = /50%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  const scale = unit === "us" ? 0.001 : unit === "ms" ? 1 : 1_000;
  return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]), p50: Number(value) * scale };
}

export function flagsOf(headers: Record<string, string> = {}): string[] {
  return Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
}

/** What curl measured of one transfer, in MB/s. */
export async function curl(
  what: "speed_download" | "speed_upload",
  { port, headers = {} }: Process,
  path: string,
  ...more: string[]
): Promise<number> {
  const args = ["-s", "-o", "/dev/null", "-w", `%{http_code} %{${what}}`, ...flagsOf(headers), ...more];
  const { stdout } = await run("curl", [...args, `http://127.0.0.1:${port}${path}`]);
  const [status, value] = stdout.split(" ");
  if (status !== "200") throw new Error(`curl: ${stdout}`);
  return Number(value) / 2 ** 20;
}
