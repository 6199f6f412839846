import { constants } from "node:os";
import { Cli } from "./lib/cli.ts";
import { Interrupted } from "./lib/failure.ts";
import { runProgram } from "./lib/program.ts";
import { reportError } from "./lib/report.ts";

const stop = new AbortController();
const interrupt = (signal: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGPIPE") =>
  stop.abort(new Interrupted(128 + constants.signals[signal]));
// Only the first: whoever asks twice is not made to wait for what does not end.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => interrupt(signal));
// The reader has gone (`ghost list | head -1`): not a failure, but there is nobody to go on for.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => interrupt("SIGPIPE"));

const words = process.argv.slice(2);
const dashes = words.indexOf("--");
using cli = new Cli({
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stop.signal,
  argv: dashes < 0 ? undefined : words.slice(dashes + 1),
});
try {
  await runProgram(cli, words);
} catch (error) {
  reportError(cli, stop.signal.aborted ? stop.signal.reason : error);
}
process.exitCode = cli.exitCode;
// What was piped in may never end; it must not keep a finished command alive.
process.stdin.destroy();
