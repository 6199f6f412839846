import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { constants } from "node:os";
import { basename, extname } from "node:path";
import { buffer } from "node:stream/consumers";
import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { exitCodes, Failure, Interrupted, usage } from "../lib/failure.ts";
import { followRun } from "../lib/follow-run.ts";
import { collect } from "../lib/options.ts";
import { write } from "../lib/output.ts";
import { reportError } from "../lib/report.ts";
import { parseDuration, parseMegabytes, parseNumber, showBytes, showElapsed } from "../lib/units.ts";
import type { Client } from "#contract/client.ts";
import type { Run } from "#contract/run.ts";

interface Options {
  language?: string;
  code?: string;
  stdin?: string;
  file?: string[];
  timeout?: number;
  memory?: number;
  cpus?: number;
  network?: boolean;
  runtime?: string;
  typecheck?: boolean;
  json?: boolean;
}

type Body = NonNullable<Parameters<Client["runs"]["create"]>[0]>["body"];

/** By the file's ending, where it is not the language's own alias. */
const endings: Record<string, string> = {
  mjs: "javascript",
  cjs: "javascript",
  mts: "typescript",
  cc: "cpp",
};
/** As timeout(1) has it. */
const timedOutCode = 124;

export function addRun(program: Command, cli: Cli): void {
  program
    .command("run [file] [args...]")
    .description(
      "Run a program once, in a fresh container without a network; its output and exit code are yours",
    )
    .option("-l, --language <name>", "of the code (default: by the file's ending)")
    .option("-c, --code <text>", "run this instead of a file")
    .option("-i, --stdin <file>", "what the program reads; - is your own stdin")
    .option(
      "-f, --file <path>",
      "one more file for its folder; as=path gives it another name (repeatable)",
      collect,
    )
    .option("-t, --timeout <duration>", "end it after so long (default: 30s)", parseDuration)
    .option("-m, --memory <size>", "how much memory it may take (default: 512m)", parseMegabytes)
    .option("--cpus <number>", "how much CPU it may take (default: 1)", parseNumber)
    .option("--network", "let it reach the internet")
    .option("--runtime <name>", "one of the engine's runtimes, such as runsc")
    .option("--typecheck", "check a TypeScript program's types first")
    .option("--json", "wait until it ends and print the whole result as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ghost run main.py
  ghost run main.py --file data.json --timeout 5s -- first 'second word'
  echo '{"a": 1}' | ghost run --language node --stdin - --code 'process.stdin.pipe(process.stdout)'

Exit codes: the program's own, 128 + n after signal n, 124 when the time was up, 1 for every other verdict, 125 when Ghost could not
run it. Ctrl-C ends it.`,
    )
    .action(async (file: string | undefined, words: string[], options: Options) => {
      try {
        await run(cli, await bodyOf(cli, file, words, options), options);
      } catch (error) {
        if (error instanceof Interrupted || cli.signal.aborted) throw error;
        reportError(cli, error);
        cli.exitCode = exitCodes.notStarted;
      }
    });
}

async function run(cli: Cli, body: Body, { json }: Options): Promise<void> {
  const client = await cli.api();
  if (json) {
    const result = await client.runs.create({ body }, cli.call);
    cli.printJson(result);
    cli.exitCode = exitCodeOf(result);
    return;
  }
  const { id } = await client.runs.create({ body: { ...body, wait: false } }, cli.call);
  const cancel = () => void client.runs.cancel({ params: { id } }).catch(() => undefined);
  cli.signal.addEventListener("abort", cancel, { once: true });
  try {
    const url = client.runs.logs.url({ params: { id } });
    for await (const log of followRun(url, cli.credentials.token, cli.signal)) {
      if (log.type === "output") {
        const out = log.stream === "stdout" ? cli.stdout : cli.stderr;
        await write(out, Buffer.from(log.data, log.encoding === "utf8" ? "utf8" : "base64"), cli.signal);
      } else if (log.type === "exit") {
        tellVerdict(cli, log.run);
        cli.exitCode = exitCodeOf(log.run);
        return;
      }
    }
  } finally {
    cli.signal.removeEventListener("abort", cancel);
  }
  throw new Failure("The connection broke off before the run ended.", { code: "unreachable" });
}

async function bodyOf(cli: Cli, file: string | undefined, words: string[], options: Options): Promise<Body> {
  const inline = options.code;
  if (inline === undefined && file === undefined)
    throw usage("There is nothing to run.", "ghost run main.py");
  if (inline !== undefined && options.language === undefined)
    throw usage("Say which language the code is in.", "ghost run --language python --code 'print(1)'");
  const args = inline === undefined || file === undefined ? words : [file, ...words];
  const code = inline ?? (await textOf(file ?? ""));
  const ending = extname(file ?? "").slice(1);
  const language = options.language ?? endings[ending] ?? ending;
  if (language === "")
    throw usage(`The name of ${file ?? ""} does not tell its language.`, "Say it with --language.");
  const files: Body["files"] = {};
  for (const given of options.file ?? []) {
    const at = given.indexOf("=");
    const path = given.slice(at + 1);
    files[at < 0 ? basename(path) : given.slice(0, at)] = contentOf(await bytesOf(path));
  }
  const stdin =
    options.stdin === undefined
      ? undefined
      : contentOf(options.stdin === "-" ? await buffer(cli.stdin) : await bytesOf(options.stdin));
  return {
    ...{ language, code, args, files },
    ...(stdin !== undefined && { stdin }),
    ...(options.timeout !== undefined && { timeoutMs: options.timeout }),
    ...(options.memory !== undefined && { memoryMb: options.memory }),
    ...(options.cpus !== undefined && { cpuMillis: Math.round(options.cpus * 1000) }),
    ...(options.network && { network: true }),
    ...(options.runtime !== undefined && { runtime: options.runtime }),
    ...(options.typecheck && { typecheck: true }),
  };
}

async function bytesOf(path: string): Promise<Buffer> {
  return await readFile(path).catch((error: unknown) => {
    throw new Failure(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
}

async function textOf(path: string): Promise<string> {
  const bytes = await bytesOf(path);
  if (!isUtf8(bytes)) throw new Failure(`${path} is not a text.`);
  return bytes.toString("utf8");
}

const contentOf = (bytes: Buffer) =>
  isUtf8(bytes) ? bytes.toString("utf8") : { base64: bytes.toString("base64") };

export function exitCodeOf({
  status,
  exitCode,
  signal,
}: Pick<Run, "status" | "exitCode" | "signal">): number {
  if (status === "timeout") return timedOutCode;
  if (status === "internal_error") return exitCodes.notStarted;
  const numbers: Record<string, number> = constants.signals;
  const code = exitCode ?? (signal === undefined ? 1 : 128 + (numbers[signal] ?? 0));
  return code === 0 && status !== "ok" ? 1 : code;
}

function tellVerdict(cli: Cli, run: Run): void {
  const { status, limits, wallMs, memoryPeakBytes, reason } = run;
  if (status === "timeout") cli.note(`Ended after ${showElapsed(wallMs)}: the time was up.`);
  if (status === "memory_limit") cli.note(`Ended: it took more than ${limits.memoryMb} MB of memory.`);
  if (status === "output_limit") cli.note(`Ended: it wrote more than ${showBytes(limits.maxOutputBytes)}.`);
  if (status === "compile_error") cli.note("It does not compile.");
  if (status === "internal_error") cli.note(`Ghost could not run it: ${reason ?? "no reason is known"}.`);
  if (run.signal !== undefined && status === "runtime_error")
    cli.note(`Ended by ${run.signal}; it had taken ${showBytes(memoryPeakBytes)}.`);
}
