import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, openSync, readFileSync, closeSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { json } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { Failure } from "./failure.ts";
import { humanLine } from "./log-lines.ts";
import { root } from "./paths.ts";
import { readPid, removePid, startOf, stopProcess, writePid, type PidRecord } from "./pid-file.ts";
import { portIsTaken, portOwner } from "./port-owner.ts";
import { run } from "./run.ts";
import type { Setup } from "./setup.ts";

/** A gateway that this process started. */
export interface Gateway {
  readonly record: PidRecord;
  /** Resolves when it ends, by itself or because it was told to. */
  readonly ended: Promise<void>;
}

/** Where it answers on this machine, whatever its name is for others. */
export function urlOf(port: number, env: NodeJS.ProcessEnv): string {
  return `${env["GHOST_TLS_CERT"] ? "https" : "http"}://localhost:${port}`;
}

/** The gateway that runs for this GHOST_HOME, if it answers. */
export async function runningGateway({ paths }: Setup): Promise<PidRecord | undefined> {
  const record = await readPid(paths.gatewayPid);
  return record?.url !== undefined && (await isHealthy(record.url)) ? record : undefined;
}

/** Starts the gateway and waits until it answers. */
export async function startGateway(
  setup: Setup,
  env: NodeJS.ProcessEnv,
  options: { port: number; detach: boolean },
): Promise<Gateway> {
  const { paths, terminal } = setup;
  const { port, detach } = options;
  if (await portIsTaken(port)) {
    const owner = portOwner(port);
    throw new Failure(
      `Port ${port} is in use${owner === undefined ? "" : ` by ${owner}`}.`,
      `Stop that program, or choose another port: npm run up -- --port ${port + 1}`,
    );
  }
  mkdirSync(paths.logs, { recursive: true });
  terminal.live("Starting the gateway");
  const child = launch(setup, { ...env, GHOST_HOME: paths.home, GHOST_PORT: String(port) }, detach);
  await once(child, "spawn");
  const pid = child.pid as number; // it has spawned
  const record: PidRecord = {
    pid,
    started: (await startOf(pid)) ?? "",
    url: urlOf(port, env),
    detached: detach,
  };
  writePid(paths.gatewayPid, record);
  const ended = once(child, "exit").then(() => removePid(paths.gatewayPid));
  try {
    await untilHealthy(setup, record, ended);
  } catch (error) {
    await stopProcess(record);
    throw error;
  }
  if (detach) child.unref();
  return { record, ended };
}

/** Its own process group: a Ctrl-C at the terminal reaches us alone, and we end it in order. */
function launch({ paths, terminal }: Setup, env: NodeJS.ProcessEnv, detach: boolean): ChildProcess {
  const argv = [join(root, "server/main.ts")];
  if (detach) {
    const log = openSync(paths.gatewayLog, "a");
    try {
      return spawn(process.execPath, argv, { cwd: root, env, detached: true, stdio: ["ignore", log, log] });
    } finally {
      closeSync(log);
    }
  }
  const child = spawn(process.execPath, argv, {
    cwd: root,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const file = createWriteStream(paths.gatewayLog, { flags: "a" });
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      file.write(`${line}\n`);
      const text = humanLine(line);
      if (text !== undefined) terminal.line(terminal.dim(text));
    });
  child.once("close", () => file.end());
  return child;
}

async function untilHealthy(
  { paths, terminal, signal }: Setup,
  record: PidRecord,
  ended: Promise<void>,
): Promise<void> {
  const gone = new AbortController();
  void ended.then(() => gone.abort());
  const until = Date.now() + 60_000;
  while (!(await isHealthy(record.url ?? ""))) {
    if (gone.signal.aborted)
      throw new Failure(
        `The gateway ended at once.\n${lastLines(paths.gatewayLog)}`,
        `Its log: ${paths.gatewayLog}`,
      );
    if (Date.now() > until)
      throw new Failure(
        `The gateway does not answer at ${record.url}/health.\n${lastLines(paths.gatewayLog)}`,
        `Its log: ${paths.gatewayLog}`,
      );
    await delay(100, undefined, { signal });
  }
  terminal.live("");
}

export async function isHealthy(url: string): Promise<boolean> {
  // The certificate is for another name than this machine's own; whether it is Ghost, the answer says.
  const options = { rejectUnauthorized: false, agent: false, timeout: 2000 };
  try {
    const asked = url.startsWith("https:")
      ? httpsRequest(`${url}/health`, options)
      : httpRequest(`${url}/health`, options);
    asked.on("timeout", () => asked.destroy(new Error("timeout"))).end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    const answer = (await json(response)) as { service?: string };
    return response.statusCode === 200 && answer.service === "ghost";
  } catch {
    return false;
  }
}

/** A link that signs its first visitor in, once. */
export async function signInUrl(
  { paths, signal }: Setup,
  env: NodeJS.ProcessEnv,
  port: number,
): Promise<string> {
  const { code, tail } = await run(process.execPath, [join(root, "server/admin.ts"), "sign-in-url"], {
    cwd: root,
    env: { ...env, GHOST_HOME: paths.home, GHOST_PORT: String(port) },
    signal,
  });
  const url = tail.findLast((line) => /^https?:\/\//.test(line));
  if (code !== 0 || url === undefined)
    throw new Failure(
      `There is no sign-in link.\n${tail.slice(-6).join("\n")}`,
      "The gateway runs all the same; `npm run up` again makes a new link.",
    );
  return url;
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .slice(-12)
    .map((line) => humanLine(line) ?? line)
    .join("\n");
}
