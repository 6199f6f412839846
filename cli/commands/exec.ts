import { fstatSync } from "node:fs";
import { constants } from "node:os";
import { Option, type Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import {
  asScript,
  commandLine,
  fitsUrl,
  languages,
  whatToRun,
  type Language,
  type What,
} from "../lib/exec-request.ts";
import { exitCodes, Failure, Interrupted } from "../lib/failure.ts";
import { octal } from "../lib/file-mode.ts";
import { collect, readEnvOptions } from "../lib/options.ts";
import { write } from "../lib/output.ts";
import { reportError } from "../lib/report.ts";
import { parseDuration, showElapsed } from "../lib/units.ts";
import type { Client } from "#contract/client.ts";
import type { ExecExit, OutputChunk } from "#contract/inside.ts";

interface Options {
  language?: Language;
  cwd?: string;
  env?: string[];
  timeout?: number;
  stdin: boolean;
  json?: boolean;
}

/** Most that the API passes on of one stream. */
const maxOutputBytes = 67_108_864;
/** As timeout(1) has it. */
const timedOutCode = 124;

export function addExec(program: Command, cli: Cli): void {
  program
    .command("exec <cave> [code...]")
    .description("Run a command or code in a cave; its output, exit code and stdin are yours")
    .addOption(
      new Option("-l, --language <name>", "run code in this language, not a shell's command").choices(
        languages,
      ),
    )
    .option("-C, --cwd <path>", "folder to run in (default: /workspace)")
    .option("-e, --env <name=value>", "a variable; a name alone takes yours (repeatable)", collect)
    .option("-t, --timeout <duration>", "kill it and all it started after so long, e.g. 30s", parseDuration)
    .option("-n, --no-stdin", "leave what is piped in alone")
    .option("--json", "wait until it ends and print exit code and output as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ghost exec my-cave 'ls -l | wc -l'
  ghost exec my-cave 'print(6 * 7)' --language python
  ghost exec my-cave -- git commit -m 'two words'
  tar c src | ghost exec my-cave 'tar x'

Exit codes: the program's own, 128 + n after signal n, 124 when --timeout ended it, 125 when Ghost could not run it. Ctrl-C kills it.`,
    )
    .action(async (cave: string, words: string[], options: Options) => {
      const before = cli.argv ? words.slice(0, words.length - cli.argv.length) : words;
      const what = whatToRun(before, cli.argv, options.language);
      const env = readEnvOptions(options.env, [], cli.env);
      try {
        await run(cli, cave, what, env, options);
      } catch (error) {
        if (error instanceof Interrupted || cli.signal.aborted) throw error;
        reportError(cli, error);
        cli.exitCode = exitCodes.notStarted;
      }
    });
}

async function run(
  cli: Cli,
  cave: string,
  what: What,
  env: Record<string, string>,
  options: Options,
): Promise<void> {
  const client = await cli.api();
  const limits = {
    maxOutputBytes,
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.timeout !== undefined && { timeoutMs: options.timeout }),
  };
  const input =
    options.stdin && isPiped()
      ? {
          params: { cave },
          query: { ...limits, command: await shortened(cli, client, cave, commandLine(what, env)) },
          body: cli.stdin as AsyncIterable<Uint8Array>,
        }
      : { params: { cave }, body: { ...what, ...limits, env } };
  if (options.json) {
    const result = await client.exec.run(input, cli.call);
    cli.printJson(result);
    cli.exitCode = exitCodeOf(result);
    return;
  }
  for await (const { event, data } of client.exec.run.events(input, cli.call)) {
    if (event === "stdout") await write(cli.stdout, bytesOf(data), cli.signal);
    else if (event === "stderr") await write(cli.stderr, bytesOf(data), cli.signal);
    else {
      cli.exitCode = exitCodeOf(data);
      tellLimits(cli, data, options);
      return;
    }
  }
  throw new Failure("The connection broke off before the command ended; it was killed.", {
    code: "unreachable",
  });
}

/** Something was piped in: a pipe, a file, a socket; neither a terminal nor /dev/null. */
function isPiped(): boolean {
  try {
    return !fstatSync(0).isCharacterDevice();
  } catch {
    return false; // closed
  }
}

async function shortened(cli: Cli, client: Client, cave: string, command: string): Promise<string> {
  if (fitsUrl(command)) return command;
  const { path, script, command: short } = asScript(command);
  await client.files.write({ params: { cave }, query: { path, mode: octal(0o600) }, body: script }, cli.call);
  return short;
}

const bytesOf = (chunk: OutputChunk): Uint8Array =>
  "text" in chunk ? Buffer.from(chunk.text, "utf8") : Buffer.from(chunk.base64, "base64");

export function exitCodeOf({
  exitCode,
  signal,
  timedOut,
}: Pick<ExecExit, "exitCode" | "signal" | "timedOut">): number {
  if (timedOut) return timedOutCode;
  if (exitCode !== null) return exitCode;
  const numbers: Record<string, number> = constants.signals;
  return 128 + (numbers[signal ?? ""] ?? 1);
}

function tellLimits(cli: Cli, { timedOut, truncated, durationMs }: ExecExit, { timeout }: Options): void {
  if (timedOut) cli.note(`Killed after ${showElapsed(timeout ?? durationMs)}.`);
  for (const stream of ["stdout", "stderr"] as const)
    if (truncated[stream])
      cli.note(`Only the first ${maxOutputBytes / 2 ** 20} MB of ${stream} were passed on.`);
}
