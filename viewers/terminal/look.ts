import type { Look } from "./session-state.ts";
import { GhostError } from "#contract/ghost-error.ts";

interface Listing {
  (signal: AbortSignal): Promise<readonly { readonly id: string }[]>;
}

/** Why a terminal could not be connected to: the API says what the browser keeps from a page. */
export async function lookFor(list: Listing, id: string, signal: AbortSignal): Promise<Look> {
  if (!navigator.onLine) return { kind: "away", cause: "This device is offline." };
  try {
    const found = (await list(signal)).some((terminal) => terminal.id === id);
    return { kind: found ? "there" : "gone" };
  } catch (error) {
    if (!(error instanceof GhostError)) throw error;
    const { status, code, message } = error;
    if (code === "cave_not_found") return { kind: "refused", cause: "This cave does not exist any more." };
    if (status === 401) return { kind: "refused", cause: "You are signed out. Sign in, and try again." };
    if (status === 403) return { kind: "refused", cause: "You may not use this cave's terminals." };
    if (code === "cave_state") return { kind: "away", cause: "The cave does not run." };
    return { kind: "away", cause: message };
  }
}
