import { z } from "zod";
import type { ErrorCode } from "./errors.ts";
import type { Scope } from "./scopes.ts";

/** Who may call: everybody, anybody who is signed in, or who has the scope. There is no default: an endpoint without one does not compile. */
export type Access = "public" | "signed-in" | Scope;

/** What a request carries. `json` is parsed with the schema; `bytes` is a stream that is never buffered. */
export type Body =
  { kind: "none" } | { kind: "json"; schema: z.ZodType; maxBytes: number } | { kind: "bytes"; type: string };

/**
 * What an endpoint answers; the first that the caller's `Accept` allows is taken. `events` is a stream of server-sent events, by name; one
 * that fails after its head was sent ends with an event `error` that holds the error. `socket` is an upgrade to a WebSocket.
 */
export type Answer =
  | { kind: "none" }
  | { kind: "json"; schema: z.ZodType }
  | { kind: "text"; type: string }
  | { kind: "bytes"; type: string }
  | { kind: "events"; events: Record<string, z.ZodType> }
  | { kind: "socket"; subprotocol?: string };

export interface Endpoint {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** With `{name}` for every key of `params`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly access: Access;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** Alternatives by media type. */
  readonly body: readonly Body[];
  readonly answer: readonly Answer[];
  /** Of success; default 200, or 204 where the answer is `none`. */
  readonly status: number;
  readonly headers: readonly string[];
  /** Beyond those any endpoint may answer. */
  readonly errors: readonly ErrorCode[];
}

type Optional = "params" | "query" | "body" | "status" | "headers" | "errors";
const none = z.strictObject({});

/** Fills in what an endpoint need not say, and keeps the literal types of what it does. */
export function endpoint<const E extends Omit<Endpoint, Optional> & Partial<Pick<Endpoint, Optional>>>(
  given: E,
) {
  const noAnswer = given.answer.length === 1 && given.answer[0]?.kind === "none";
  return {
    params: none,
    query: none,
    body: [{ kind: "none" }],
    status: noAnswer ? 204 : 200,
    headers: [],
    errors: [],
    ...given,
  } as Omit<
    {
      params: typeof none;
      query: typeof none;
      body: readonly [{ kind: "none" }];
      status: number;
      headers: readonly [];
      errors: readonly [];
    },
    keyof E
  > &
    E;
}

/** JSON bodies are small unless an endpoint says otherwise. */
export const json = <S extends z.ZodType>(schema: S, maxBytes = 262_144) =>
  ({ kind: "json", schema, maxBytes }) as const;
export const answerJson = <S extends z.ZodType>(schema: S) => ({ kind: "json", schema }) as const;
export const bytes = (type = "application/octet-stream") => ({ kind: "bytes", type }) as const;
export const text = (type = "text/plain; charset=utf-8") => ({ kind: "text", type }) as const;
export const events = <const E extends Record<string, z.ZodType>>(map: E) =>
  ({ kind: "events", events: map }) as const;
export const nothing = { kind: "none" } as const;
