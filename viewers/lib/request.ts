import { GhostError, readError } from "#contract/ghost-error.ts";

/** Asks the API on the page's own origin; what fails is a `GhostError`, `unreachable` when nothing answered. */
export async function request(
  method: "GET" | "POST" | "DELETE",
  url: string,
  options: { json?: unknown; signal?: AbortSignal | undefined } = {},
): Promise<unknown> {
  const { json, signal } = options;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      credentials: "same-origin",
      ...(json !== undefined && {
        body: JSON.stringify(json),
        headers: { "content-type": "application/json" },
      }),
      ...(signal && { signal }),
    });
    text = await response.text();
  } catch (error) {
    signal?.throwIfAborted();
    throw new GhostError("unreachable", "Ghost does not answer.", { cause: error });
  }
  const value = parse(text);
  if (response.ok) return value;
  throw readError((value as { error?: unknown } | undefined)?.error, response.status);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
