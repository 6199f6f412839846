import { noteActivity } from "../lib/activity.ts";
import { home, parsePath } from "../lib/cave-path.ts";
import { childEnvironment } from "../lib/environment.ts";
import { goneSignal, parseObject, readExactly, type Exchange } from "../lib/exchange.ts";
import { count, flag, text, textMap, texts } from "../lib/fields.ts";
import { Problem } from "../lib/problem.ts";
import { endGroup } from "./kill.ts";
import { OutputFrames } from "./output-frames.ts";
import { NotStarted, programOf, start, type Exit, type Started } from "./start.ts";
import { feedStdin } from "./stdin.ts";
import type { ExecHead } from "#contract/daemon.ts";

const headLimit = 24 * 2 ** 20;
/** A process that the kernel does not end even when killed (it waits for a device) is answered for after so long. */
const stuckMs = 1500;
/** A process that says nothing for so long: the client is told at least that it runs. */
const headMs = 20;

/** Runs a program and answers with its output as it comes. See `daemonPath.exec`. */
export async function exec({ req, res }: Exchange): Promise<void> {
  const head = await readHead(req);
  noteActivity("exec");
  const gone = goneSignal(res);
  const began = performance.now();
  const frames = new OutputFrames(res, head.maxOutputBytes ?? Infinity);
  const finish = (exit: Exit, timedOut: boolean) =>
    frames.end({
      ...exit,
      timedOut,
      truncated: frames.truncated,
      durationMs: round(performance.now() - began),
    });

  let child: Started;
  try {
    child = await start({
      program: programOf(head.command, head.argv),
      cwd: parsePath(head.cwd ?? home),
      env: childEnvironment(head.env),
      stdin: head.stdin,
      merge: false,
    });
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    req.resume();
    frames.say("stderr", `${error.message}\n`);
    finish({ exitCode: error.exitCode }, false);
    return;
  }

  setTimeout(() => frames.begin(), headMs).unref();
  frames.take("stdout", child.stdout);
  frames.take("stderr", child.stderr);
  if (child.stdin) feedStdin(req, child.stdin, () => frames.heartbeat());

  const { pid } = child;
  let timedOut = false;
  const stuck = Promise.withResolvers<Exit>();
  const kill = () => {
    endGroup(pid);
    setTimeout(() => stuck.resolve({ exitCode: null, signal: "SIGKILL" }), stuckMs).unref();
  };
  const deadline = setTimeout(
    () => {
      timedOut = true;
      kill();
    },
    Math.min(head.timeoutMs ?? Infinity, 2 ** 31 - 1),
  );
  gone.addEventListener("abort", kill, { once: true });
  if (gone.aborted) kill();

  const exit = await Promise.race([child.exited, stuck.promise]);
  clearTimeout(deadline);
  await frames.drained();
  gone.removeEventListener("abort", kill);
  finish(exit, timedOut);
}

async function readHead(req: Exchange["req"]): Promise<ExecHead> {
  const size = (await readExactly(req, 4))?.readUInt32BE() ?? 0;
  if (size === 0 || size > headLimit)
    throw new Problem("invalid_input", "The request does not begin with its length.");
  const json = await readExactly(req, size);
  if (!json) throw new Problem("malformed_json", "The request ended too early.");
  const fields = parseObject(json.toString());
  const values = {
    command: text(fields, "command"),
    argv: texts(fields, "argv"),
    cwd: text(fields, "cwd"),
    timeoutMs: count(fields, "timeoutMs"),
    maxOutputBytes: count(fields, "maxOutputBytes"),
  };
  const given = Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<ExecHead>;
  return { ...given, env: textMap(fields["env"], "env"), stdin: flag(fields, "stdin") };
}

const round = (ms: number) => Math.round(ms * 100) / 100;
