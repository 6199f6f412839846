export interface Exit {
  readonly exitCode: number | null;
  readonly signal?: string;
}

/** Why a session is without its terminal, in words for the person who waits. */
export type Absence =
  /** Tried again at `retryAt` (milliseconds of `Date.now()`). */
  | { readonly kind: "waiting"; readonly cause: string; readonly retryAt: number }
  /** No connection while nobody looks and much is said; made again when somebody does. */
  | { readonly kind: "suspended" };

export type Phase =
  | { readonly kind: "connecting" }
  | { readonly kind: "attached" }
  | Absence
  | { readonly kind: "exited"; readonly exit: Exit }
  /** The terminal is not there any more. */
  | { readonly kind: "gone" }
  | { readonly kind: "refused"; readonly cause: string }
  | { readonly kind: "disposed" };

/** All that there is to tell about a session. A new object for each change. */
export interface SessionState {
  readonly phase: Phase;
  readonly viewers: number;
  /** Whether what is typed here is taken, and the size here is the terminal's. */
  readonly control: boolean;
  readonly cols: number;
  readonly rows: number;
  readonly title: string;
}

/** What a look at the API says of a terminal that could not be connected to. */
export type Look =
  | { readonly kind: "there" }
  | { readonly kind: "gone" }
  /** Will not get better by waiting. */
  | { readonly kind: "refused"; readonly cause: string }
  | { readonly kind: "away"; readonly cause: string };
