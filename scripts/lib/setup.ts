import type { Paths } from "./paths.ts";
import type { Terminal } from "./terminal.ts";

/** What every step of getting Ghost ready works with. */
export interface Setup {
  readonly terminal: Terminal;
  readonly paths: Paths;
  readonly env: NodeJS.ProcessEnv;
  /** Agree to every question. */
  readonly yes: boolean;
  readonly signal: AbortSignal;
}
