import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import type { Duplex, Readable } from "node:stream";
import type { z } from "zod";
import type { Call } from "../context.ts";
import type { GuestSocket } from "../guest/guest.ts";
import type { Answer, Body, Endpoint } from "#contract/endpoint.ts";
import type { api } from "#contract/index.ts";

/** A result with more to say than its endpoint's usual answer: another status, headers, or bytes where JSON is usual. */
export class Reply<T> {
  readonly body: T;
  readonly status: number | undefined;
  readonly headers: OutgoingHttpHeaders;

  constructor(body: T, more: { status?: number; headers?: OutgoingHttpHeaders }) {
    this.body = body;
    this.status = more.status;
    this.headers = more.headers ?? {};
  }
}

/** A WebSocket as it comes in, before its handshake; no byte after the head has been read. */
export interface UpgradeCaller {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Takes a WebSocket over: throws before it has answered the handshake, or resolves when the connection is gone. */
export type SocketHandler = (caller: UpgradeCaller, signal: AbortSignal) => Promise<void>;

/** One server-sent event. */
export interface Event<N extends string = string, T = unknown> {
  event: N;
  data: T;
  id?: string;
}

type Shape = Pick<Endpoint, "params" | "query" | "body" | "answer">;
type BodyOf<B extends Body> = B extends { kind: "json"; schema: infer S extends z.ZodType }
  ? z.output<S>
  : B extends { kind: "bytes" }
    ? Readable
    : undefined;

/** What a handler is given: parsed by the endpoint's own schemas. */
export interface HandlerInput<E extends Shape> {
  params: z.output<E["params"]>;
  query: z.output<E["query"]>;
  body: BodyOf<E["body"][number]>;
  headers: IncomingHttpHeaders;
}

type ResultOf<A extends Answer> = A extends { kind: "json"; schema: infer S extends z.ZodType }
  ? z.input<S>
  : A extends { kind: "text" | "bytes" }
    ? Readable | string
    : A extends { kind: "socket" }
      ? GuestSocket | SocketHandler
      : A extends { kind: "events"; events: infer M extends Record<string, z.ZodType> }
        ? AsyncIterable<{ [N in keyof M & string]: Event<N, z.input<M[N]>> }[keyof M & string]>
        : undefined;

type Handle<E extends Shape, R> = (
  call: Call,
  input: HandlerInput<E>,
  signal: AbortSignal,
) => R | Reply<R> | Promise<R | Reply<R>>;

/** One function, or one for each kind of answer where the caller has a choice. */
export type Handler<E extends Shape> = E["answer"] extends readonly [infer A extends Answer]
  ? Handle<E, A["kind"] extends "none" ? void : ResultOf<A>> // eslint-disable-line @typescript-eslint/no-invalid-void-type -- `Promise<void>` is what verbs without an answer give
  : { [A in E["answer"][number] as A["kind"]]: Handle<E, ResultOf<A>> };

type Api = typeof api;
/** A handler for every endpoint: one that is missing does not compile. */
export type Handlers = {
  [G in keyof Api]: { [N in keyof Api[G]]: Api[G][N] extends Shape ? Handler<Api[G][N]> : never };
};
