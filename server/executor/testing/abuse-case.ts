import type { Run, RunStatus } from "#contract/run.ts";

/** What hostile code tries, what must come of it, and in which languages. */
export interface Abuse {
  readonly group: string;
  readonly name: string;
  readonly code: Readonly<Record<string, string>>;
  readonly expect: readonly RunStatus[];
  readonly more?: Readonly<Record<string, unknown>>;
  /** A sentence about what is wrong, or undefined. */
  readonly check?: (run: Run) => string | undefined;
  /** Most that the whole may take, in milliseconds. */
  readonly withinMs?: number;
}

export const printed = (text: string) => (run: Run) =>
  run.stdout.includes(text)
    ? undefined
    : `it did not print ${text}: ${run.stdout.slice(0, 200)} ${run.stderr.slice(0, 300)}`;
export const signal = (name: string) => (run: Run) =>
  run.signal === name ? undefined : `its signal is ${run.signal ?? "none"}`;
