import { NotStarted, programOf, start } from "../exec/start.ts";
import { noteActivity } from "../lib/activity.ts";
import { home, parsePath } from "../lib/cave-path.ts";
import { childEnvironment } from "../lib/environment.ts";
import { bodyOf, countOf, flagOf, readObject, sendJson, type Handler } from "../lib/exchange.ts";
import { requiredText, text, textMap, texts } from "../lib/fields.ts";
import { errnoOf, Problem } from "../lib/problem.ts";
import { sendRing } from "../lib/send-ring.ts";
import { ManagedProcess } from "./managed.ts";
import { readProcess, readProcesses } from "./proc.ts";
import type { Process } from "#contract/inside.ts";

const mostRunning = 256;
const mostEnded = 50;

/** In the order of their start. */
const managed: ManagedProcess[] = [];

export const listProcesses: Handler = ({ res }) => {
  const running = new Set(managed.filter(({ exit }) => !exit).map(({ pid }) => pid));
  const others = readProcesses().filter(({ pid }) => !running.has(pid));
  sendJson(res, [...managed.map(({ info }) => info), ...others.map(unmanaged)] satisfies Process[]);
};

export const getProcess: Handler = ({ res, id }) => {
  const pid = pidOf(id);
  const known = findManaged(pid);
  if (known && !known.exit) {
    sendJson(res, known.info);
    return;
  }
  const other = readProcess(pid);
  if (!other && !known) throw unknown(pid);
  sendJson(res, other ? unmanaged(other) : known?.info);
};

export const startProcess: Handler = async ({ req, res }) => {
  const body = await readObject(req);
  if (managed.filter(({ exit }) => !exit).length >= mostRunning) {
    throw new Problem("limit_reached", `A cave has at most ${mostRunning} processes with kept output.`);
  }
  const command = text(body, "command");
  const program = programOf(command, texts(body, "argv"));
  const input = {
    program,
    cwd: parsePath(text(body, "cwd") ?? home),
    env: childEnvironment(textMap(body["env"], "env")),
    stdin: true,
    merge: true,
  };
  noteActivity("process");
  const child = await start(input).catch((error: unknown) => {
    throw error instanceof NotStarted ? new Problem("invalid_input", `${error.message}.`) : error;
  });
  const started = new ManagedProcess(child, command ?? program.join(" "), text(body, "name"));
  managed.push(started);
  void child.exited.then(() => {
    const ended = managed.filter(({ exit }) => exit);
    for (const old of ended.slice(0, -mostEnded)) managed.splice(managed.indexOf(old), 1);
  });
  sendJson(res, started.info);
};

export const processOutput: Handler = async ({ res, query, id }) => {
  const known = requireManaged(pidOf(id));
  await sendRing(res, known, countOf(query, "since") ?? 0, flagOf(query, "follow"));
};

const signals = new Set([
  "SIGTERM",
  "SIGKILL",
  "SIGINT",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGSTOP",
  "SIGCONT",
]);

/** To the whole group of what was started here; to the process alone of anything else. */
export const signalProcess: Handler = async ({ req, res, id }) => {
  const pid = pidOf(id);
  const name = requiredText(await readObject(req), "signal");
  if (!signals.has(name)) throw new Problem("invalid_input", "That is not a signal that can be sent.");
  if (pid === process.pid || pid === 1) {
    throw new Problem("invalid_input", "That is the cave's own daemon: stop the cave instead.");
  }
  noteActivity("process");
  const known = findManaged(pid);
  try {
    process.kill(known && !known.exit ? -pid : pid, name);
  } catch (error) {
    throw errnoOf(error) === "ESRCH" ? unknown(pid) : error;
  }
  sendJson(res, {});
};

export const processStdin: Handler = async ({ req, res, query, id }) => {
  const { stdin, exit } = requireManaged(pidOf(id));
  if (!stdin || exit || !stdin.writable)
    throw new Problem("process_not_found", "The process takes no more input.");
  noteActivity("process");
  for await (const chunk of bodyOf(req)) {
    if (!stdin.write(chunk)) await roomIn(stdin);
  }
  if (flagOf(query, "end")) stdin.end();
  sendJson(res, {});
};

function roomIn(stdin: NonNullable<ManagedProcess["stdin"]>): Promise<void> {
  return new Promise((resolve) => {
    if (stdin.destroyed) resolve();
    stdin.once("drain", resolve);
    stdin.once("close", resolve);
  });
}

function pidOf(id: string): number {
  if (!/^[1-9]\d{0,9}$/.test(id)) throw new Problem("process_not_found", "That is not a process id.");
  return Number(id);
}

/** The newest of that pid: the kernel uses them again. */
function findManaged(pid: number): ManagedProcess | undefined {
  return managed.findLast((one) => one.pid === pid);
}

function requireManaged(pid: number): ManagedProcess {
  const known = findManaged(pid);
  if (!known)
    throw new Problem(
      "process_not_found",
      `No output is kept of process ${pid}: it was not started through the API.`,
    );
  return known;
}

function unknown(pid: number): Problem {
  return new Problem("process_not_found", `There is no process ${pid}.`);
}

function unmanaged(entry: ReturnType<typeof readProcesses>[number]): Process {
  return { ...entry, managed: false, running: true };
}
