import type { LimitName, Program } from "../program/program.ts";
import type { RunStatus } from "#contract/run.ts";

/** A program to begin with. Every one is run by tests/integration/run-examples.test.ts. */
export interface Example extends Partial<Pick<Program, "files" | "stdin" | "args" | "typecheck">> {
  readonly title: string;
  /** What it shows, in a few words. */
  readonly shows: string;
  readonly code: string;
  readonly limits?: Partial<Record<LimitName, number>>;
  /** How it ends, when not well: some show what going wrong looks like. */
  readonly ends?: RunStatus;
  /** A piece of what it writes. */
  readonly writes: string;
}
