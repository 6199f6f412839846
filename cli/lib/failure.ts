/** What the CLI's exit codes mean. `ghost exec` passes the program's own instead. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  denied: 4,
  unreachable: 5,
  notStarted: 125,
} as const;

/** Something that a person can do something about: `message` says what, `hint` what to do. */
export class Failure extends Error {
  readonly code: string;
  readonly exitCode: number;
  readonly hint: string;

  constructor(
    message: string,
    given: { code?: string; exitCode?: number; hint?: string; cause?: unknown } = {},
  ) {
    super(message, given.cause === undefined ? undefined : { cause: given.cause });
    this.name = "Failure";
    this.code = given.code ?? "failed";
    this.exitCode = given.exitCode ?? exitCodes.failed;
    this.hint = given.hint ?? "";
  }
}

/** The command line does not make sense. */
export const usage = (message: string, hint = ""): Failure =>
  new Failure(message, { code: "usage", exitCode: exitCodes.usage, hint });

/** A signal ended the command; its exit code is the shell's 128 + n. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super("Interrupted");
    this.name = "Interrupted";
    this.exitCode = exitCode;
  }
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
