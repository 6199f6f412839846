import { closeSync, existsSync } from "node:fs";
import { groups, openFolder, preferForOutOfMemory } from "../exec/start.ts";
import { noteActivity } from "../lib/activity.ts";
import { crypto } from "../lib/builtin.ts";
import { home, parsePath } from "../lib/cave-path.ts";
import { childEnvironment } from "../lib/environment.ts";
import { readObject, sendJson, type Handler } from "../lib/exchange.ts";
import { count, text, textMap } from "../lib/fields.ts";
import { Problem } from "../lib/problem.ts";
import { openPty } from "./pty.ts";
import { signalSession } from "./sessions.ts";
import { LiveTerminal } from "./terminal.ts";

const mostTerminals = 64;
/** Terminals whose process has ended are kept so long, so that people see how it ended. */
const keptMs = 600_000;
const mostEnded = 16;
const graceMs = 300;

const terminals = new Map<string, LiveTerminal>();
let opened = 0;

export function findTerminal(id: string): LiveTerminal {
  const terminal = terminals.get(id);
  if (!terminal) throw new Problem("terminal_not_found", `There is no terminal ${id.slice(0, 40)}.`);
  return terminal;
}

export const listTerminals: Handler = ({ res }) => {
  sendJson(
    res,
    [...terminals.values()].map(({ info }) => info),
  );
};

export const openTerminal: Handler = async ({ req, res }) => {
  const body = await readObject(req);
  if (running().length >= mostTerminals)
    throw new Problem("limit_reached", `A cave has at most ${mostTerminals} terminals.`);
  const command = text(body, "command");
  const cols = within(count(body, "cols") ?? 80, 2, 1000);
  const rows = within(count(body, "rows") ?? 24, 1, 500);
  const extra = textMap(body["env"], "env");
  noteActivity("terminal");

  const folder = openFolder(parsePath(text(body, "cwd") ?? home));
  const pty = await openPty({
    program: command === undefined ? [loginShell, "-l"] : [loginShell, "-lc", command],
    env: childEnvironment({ TERM: "xterm-256color", COLORTERM: "truecolor", ...extra }),
    cwd: folder.path,
    cols,
    rows,
  }).finally(() => closeSync(folder.fd));
  preferForOutOfMemory(pty.pid);
  groups.add(pty.pid);

  const name = text(body, "name") ?? `terminal ${++opened}`;
  const terminal = new LiveTerminal({ id: newId(), name, cols, rows }, pty);
  terminals.set(terminal.id, terminal);
  void pty.exited.then(() => {
    groups.delete(pty.pid);
    setTimeout(() => forget(terminal), keptMs).unref();
    const ended = [...terminals.values()].filter((other) => other.exit);
    for (const old of ended.slice(0, -mostEnded)) forget(old);
  });
  sendJson(res, terminal.info);
};

/** SIGHUP, as when a window is closed; then SIGKILL for what is left of the session. */
export const closeTerminal: Handler = ({ res, id }) => {
  const terminal = findTerminal(id);
  const { pid } = terminal;
  if (!terminal.exit) {
    signalSession(pid, "SIGHUP");
    signalSession(pid, "SIGCONT");
    setTimeout(() => signalSession(pid, "SIGKILL"), graceMs);
  }
  forget(terminal);
  sendJson(res, {});
};

function forget(terminal: LiveTerminal): void {
  if (terminals.delete(terminal.id)) terminal.close();
}

const running = () => [...terminals.values()].filter(({ exit }) => !exit);
const within = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);
const loginShell = existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
/** As contract/ids.ts has them: 80 random bits in base32. */
const newId = () =>
  `term-${Array.from(crypto.randomBytes(16), (byte) => alphabet[byte & 31] ?? "").join("")}`;
