import type { Cli } from "./cli.ts";
import { exitCodes, Failure, Interrupted, reasonOf } from "./failure.ts";
import { clean } from "./style.ts";
import type { GhostError } from "#contract/client.ts";

const denied: readonly string[] = ["unauthenticated", "sign_in_expired", "forbidden", "cross_site"];

interface Report {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: number;
  readonly details?: unknown;
  readonly requestId?: string;
}

/** Says what went wrong and what to do about it, on stderr, and sets the exit code. */
export function reportError(cli: Cli, error: unknown): void {
  if (error instanceof Interrupted) {
    cli.exitCode = error.exitCode;
    return;
  }
  const { exitCode, ...shown } = describe(cli, error);
  cli.exitCode = exitCode;
  if (cli.json) {
    cli.stderr.write(`${JSON.stringify({ error: shown })}\n`);
    return;
  }
  const { dim, red } = cli.errorStyle;
  cli.stderr.write(`${red("ghost:")} ${lines(shown.message)} ${dim(`(${shown.code})`)}\n`);
  for (const detail of fieldsOf(shown.details)) cli.stderr.write(`  ${clean(detail)}\n`);
  if (shown.hint !== "") cli.stderr.write(`${dim(lines(shown.hint))}\n`);
  if (shown.code === "internal" && shown.requestId !== undefined)
    cli.stderr.write(`${dim(`Request id: ${shown.requestId}`)}\n`);
  if (cli.env["GHOST_DEBUG"] && error instanceof Error) cli.stderr.write(`${error.stack ?? ""}\n`);
}

export function describe(cli: Cli, error: unknown): Report {
  if (error instanceof Failure) {
    const { code, message, hint, exitCode } = error;
    return { code, message, hint, exitCode };
  }
  if (isGhostError(error)) {
    // What was being sent failed, not the gateway.
    const own = rootOf(error);
    return own instanceof Failure ? describe(cli, own) : describeAnswer(cli, error);
  }
  return {
    code: "failed",
    message: reasonOf(error),
    hint: cli.env["GHOST_DEBUG"] ? "" : "Set GHOST_DEBUG=1 to see where that came from.",
    exitCode: exitCodes.failed,
  };
}

function describeAnswer(cli: Cli, error: GhostError): Report {
  const { code, message, status, details, requestId } = error;
  const given = { code, details, ...(requestId !== undefined && { requestId }) };
  if (code === "unreachable") {
    const hint = `Start it with \`npm run up\`, or set GHOST_URL to where it runs. \`ghost doctor\` looks closer.`;
    return {
      ...given,
      message: `Ghost does not answer at ${cli.credentials.url} (${causeOf(error)}).`,
      hint,
      exitCode: exitCodes.unreachable,
    };
  }
  if (code === "unauthenticated") {
    const message =
      cli.credentials.token === undefined
        ? `No token for ${cli.credentials.url}.`
        : `${cli.credentials.url} does not accept the token.`;
    const hint =
      "Run `npm run up` again for a fresh one, or set GHOST_TOKEN to one made with `ghost tokens create`.";
    return { ...given, message, hint, exitCode: exitCodes.denied };
  }
  const exitCode = denied.includes(code)
    ? exitCodes.denied
    : status === 404
      ? exitCodes.notFound
      : exitCodes.failed;
  return { ...given, message, hint: error.hint, exitCode };
}

/** By its name: importing the class would load the whole contract to print a usage error. */
const isGhostError = (error: unknown): error is GhostError =>
  error instanceof Error && error.name === "GhostError" && "status" in error;

function rootOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
  return cause;
}

function causeOf(error: unknown): string {
  let cause = rootOf(error);
  if (cause instanceof AggregateError) cause = cause.errors.at(-1);
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const known: Record<string, string> = {
    ECONNREFUSED: "connection refused",
    ENOTFOUND: "no such host",
    ECONNRESET: "connection broke off",
    ETIMEDOUT: "timed out",
  };
  return (code !== undefined && known[code]) || reasonOf(cause);
}

/** What a refused input names: `limits.cpus: Too big`. */
function fieldsOf(details: unknown): string[] {
  const issues = Array.isArray(details) ? details : (details as { issues?: unknown } | undefined)?.issues;
  if (!Array.isArray(issues)) return [];
  return issues.flatMap((issue: unknown) => {
    const { path, message } = (issue ?? {}) as { path?: unknown; message?: unknown };
    const where = Array.isArray(path) ? path.join(".") : path;
    return typeof message === "string"
      ? [typeof where === "string" && where ? `${where}: ${message}` : message]
      : [];
  });
}

const lines = (text: string): string => text.split("\n").map(clean).join("\n");
