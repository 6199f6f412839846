import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";
import { createClient, type Client } from "#contract/client.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface GatewayProcess extends AsyncDisposable {
  readonly url: string;
  readonly home: string;
  readonly token: string;
  readonly client: Client;
  readonly pid: number;
  /** Ends it with a signal and resolves when it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same home and port, with other settings where they are given. */
  start(settings?: Record<string, string>): Promise<void>;
  /** An address that signs a browser in, once. */
  signInUrl(): Promise<string>;
  /** What it wrote, for tests that fail. */
  log(): Promise<string>;
}

/** A real gateway in a process of its own, on an empty home: what `npm run up` starts. Disposing deletes its caves and all it made. */
export async function startGateway(env: Record<string, string> = {}): Promise<GatewayProcess> {
  const home = await mkdtemp(join(tmpdir(), "ghost-home-"));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const logFile = join(home, "gateway.log");
  const environment = { ...inherited(), GHOST_HOME: home, GHOST_PORT: String(port), ...env };
  let child: ChildProcess | undefined;

  async function start(settings: Record<string, string> = {}): Promise<void> {
    const log = createWriteStream(logFile, { flags: "a" });
    await once(log, "open");
    child = spawn(process.execPath, [join(root, "server/main.ts")], {
      cwd: root,
      env: { ...environment, ...settings },
      stdio: ["ignore", log, log],
    });
    log.close();
    const ended = once(child, "exit").then(() => "ended" as const);
    const deadline = Date.now() + 30_000;
    while (!(await answers(url))) {
      const state = await Promise.race([
        ended,
        new Promise<"waiting">((resolve) => setTimeout(resolve, 25, "waiting")),
      ]);
      if (state === "ended" || Date.now() > deadline)
        throw new Error(`The gateway did not start:\n${await readFile(logFile, "utf8")}`);
    }
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }

  async function signInUrl(): Promise<string> {
    const admin = spawn(process.execPath, [join(root, "server/admin.ts"), "sign-in-url"], {
      cwd: root,
      env: environment,
      stdio: ["ignore", "pipe", "inherit"],
    });
    return (await text(admin.stdout)).trim();
  }

  await start();
  await signInUrl(); // which makes the file of the command line, too
  const { token } = JSON.parse(await readFile(join(home, "cli.json"), "utf8")) as { token: string };
  const client = createClient({ url, token });

  return {
    url,
    home,
    token,
    client,
    get pid() {
      return child?.pid ?? 0;
    },
    kill,
    start,
    signInUrl,
    log: () => readFile(logFile, "utf8"),
    async [Symbol.asyncDispose]() {
      await kill("SIGTERM");
      const cleaner = spawn(process.execPath, [join(root, "server/admin.ts"), "uninstall"], {
        cwd: root,
        env: environment,
        stdio: "ignore",
      });
      await once(cleaner, "exit");
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The caller's environment without any Ghost setting of theirs. */
function inherited(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !name.startsWith("GHOST_"),
  );
  return Object.fromEntries(entries) as Record<string, string>;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    return false;
  }
}
