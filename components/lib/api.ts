import { createClient, GhostError } from "#contract/client.ts";

/** Every page is a client of the public API, on its own origin and with its session. */
export const api = createClient({ url: typeof location === "undefined" ? "" : location.origin });

export { GhostError };

/** What to tell of a failure: what happened, and what can be done. */
export function explain(error: unknown): { title: string; hint: string; requestId?: string } {
  if (error instanceof GhostError)
    return {
      title: error.message,
      hint: error.hint,
      ...(error.status >= 500 && error.requestId !== undefined && { requestId: error.requestId }),
    };
  return { title: error instanceof Error ? error.message : String(error), hint: "Load the page again." };
}

export const isCode = (error: unknown, code: GhostError["code"]): boolean =>
  error instanceof GhostError && error.code === code;
