import { writeSync } from "node:fs";

/** One line of JSON on stderr, which the engine keeps as the cave's log. Written straight: the stream of process.stderr costs memory. */
export function log(message: string, fields: Record<string, unknown> = {}): void {
  try {
    writeSync(2, `${JSON.stringify({ at: new Date().toISOString(), message, ...fields })}\n`);
  } catch {
    // Nobody takes it.
  }
}

export function logError(message: string, error: unknown): void {
  log(message, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
