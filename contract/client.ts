import type { z } from "zod";
import type { Answer, Body, Endpoint } from "./endpoint.ts";
import { readEvents } from "./event-stream.ts";
import { GhostError, readError } from "./ghost-error.ts";
import { api } from "./index.ts";

export { GhostError } from "./ghost-error.ts";

export interface ClientOptions {
  /** Where the gateway answers, e.g. `http://localhost:8000`. */
  url: string;
  /** `ghost_…`; a page on the gateway's own origin leaves it out and has its session. */
  token?: string | undefined;
  /** Instead of the global `fetch`. */
  fetch?: typeof fetch;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** What a raw body may be. It is streamed, never collected. */
export type ByteBody = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | Blob | Uint8Array | string;

/**
 * The API as functions. `client.caves.create({ body })` answers the parsed JSON (text as a string), `client.files.read.stream({ … })` the
 * `Response` of bytes or text, `client.caves.events.events()` the server-sent events, and `.url({ … })` the address alone (`ws://` for sockets).
 * What fails throws a `GhostError`, except that an aborted call throws its signal's reason.
 */
export type Client = {
  [G in keyof Api]: { [E in keyof Api[G]]: Api[G][E] extends AnyEndpoint ? Method<Api[G][E]> : never };
};

type Api = typeof api;
type AnyEndpoint = Pick<Endpoint, "params" | "query" | "body" | "answer">;
type Of<U extends Body | Answer, K extends U["kind"]> = Extract<U, { kind: K }>;

/** As the handler sees it (numbers and booleans rather than strings); what has a default may be left out. */
type Fields<S extends z.ZodObject> = {
  [K in Keys<S> as object extends Pick<z.input<S>, K> ? never : K]: z.output<S>[K];
} & { [K in Keys<S> as object extends Pick<z.input<S>, K> ? K : never]?: z.output<S>[K] | undefined };
/** None for the empty object, whose inferred type would take any. */
type Keys<S extends z.ZodObject> = keyof S["shape"] & keyof z.input<S> & keyof z.output<S>;
type Part<Name extends string, T> = object extends T ? { [K in Name]?: T } : { [K in Name]: T };
type JsonBody<B extends Body> = B extends { kind: "json"; schema: infer S extends z.ZodType }
  ? z.input<S>
  : never;
type BodyOf<B extends Body> = JsonBody<B> | (Of<B, "bytes"> extends never ? never : ByteBody);
type BodyPart<B extends Body> = [BodyOf<B>] extends [never] ? unknown : Part<"body", BodyOf<B>>;

export type Input<E extends AnyEndpoint> = Part<"params", Fields<E["params"]>> &
  Part<"query", Fields<E["query"]>> &
  BodyPart<E["body"][number]> & { headers?: Record<string, string> };
type Arguments<E extends AnyEndpoint> =
  object extends Input<E>
    ? [input?: Input<E>, options?: CallOptions]
    : [input: Input<E>, options?: CallOptions];

type Result<A extends Answer> = A extends { kind: "json"; schema: infer S extends z.ZodType }
  ? z.output<S>
  : A extends { kind: "text" }
    ? string
    : A extends { kind: "none" }
      ? undefined
      : never;
type EventOf<A extends Answer> = A extends {
  kind: "events";
  events: infer M extends Record<string, z.ZodType>;
}
  ? { [N in keyof M & string]: { event: N; data: z.output<M[N]>; id?: string } }[keyof M & string]
  : never;

type Method<E extends AnyEndpoint> = ((...given: Arguments<E>) => Promise<Result<E["answer"][number]>>) & {
  stream(...given: Arguments<E>): Promise<Response>;
  events(...given: Arguments<E>): AsyncGenerator<EventOf<E["answer"][number]>, void, undefined>;
  url(...given: Arguments<E>): string;
};

type Plain = string | number | boolean;
interface AnyInput {
  params?: Record<string, Plain>;
  query?: Record<string, Plain | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
}

export function createClient(options: ClientOptions): Client {
  const groups = Object.entries(api).map(([group, endpoints]) => [
    group,
    Object.fromEntries(
      Object.entries(endpoints as Record<string, Endpoint>).map(([name, one]) => [
        name,
        method(one, options),
      ]),
    ),
  ]);
  return Object.fromEntries(groups) as Client;
}

function method(endpoint: Endpoint, options: ClientOptions) {
  const accept = mediaTypes(endpoint.answer);
  const send = (input: AnyInput = {}, types: string, call: CallOptions = {}) =>
    request(endpoint, options, input, types, call.signal);

  const json = async (input?: AnyInput, call?: CallOptions): Promise<unknown> => {
    const response = await send(input, accept.plain, call);
    const type = response.headers.get("content-type") ?? "";
    if (response.status === 204) return undefined;
    const text = await received(response.text(), options.url, call?.signal);
    return type.startsWith("application/json") ? JSON.parse(text) : text;
  };
  async function* events(input?: AnyInput, call?: CallOptions) {
    const response = await send(input, "text/event-stream", call);
    if (response.body === null) return;
    try {
      for await (const { event, data, id } of readEvents(response.body)) {
        const value: unknown = JSON.parse(data);
        if (event === "error") throw readError(value, response.status);
        yield { event, data: value, ...(id !== undefined && { id }) };
      }
    } catch (error) {
      throw fold(error, options.url, call?.signal);
    }
  }
  return Object.assign(json, {
    stream: (input?: AnyInput, call?: CallOptions) => send(input, accept.stream, call),
    events,
    url: (input?: AnyInput) => address(endpoint, options.url, input ?? {}),
  });
}

/** What to ask for: by a plain call, and by `.stream`. */
function mediaTypes(answers: readonly Answer[]): { plain: string; stream: string } {
  const types = (kinds: readonly string[]) =>
    answers.flatMap((one) => {
      if (!kinds.includes(one.kind)) return [];
      return one.kind === "json"
        ? ["application/json"]
        : "type" in one
          ? [one.type.split(";", 1)[0] ?? ""]
          : [];
    });
  const plain = types(["json"]);
  const stream = types(["bytes", "text"]);
  return {
    plain: (plain.length > 0 ? plain : stream).join(", ") || "*/*",
    stream: stream.join(", ") || "*/*",
  };
}

async function request(
  endpoint: Endpoint,
  { url, token, fetch: send = globalThis.fetch }: ClientOptions,
  input: AnyInput,
  accept: string,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const { body, type } = encode(endpoint, input.body);
  const init = {
    method: endpoint.method.toUpperCase(),
    headers: {
      accept,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(type !== undefined && { "content-type": type }),
      ...input.headers,
    },
    ...(body !== undefined && { body }),
    ...(body instanceof ReadableStream && { duplex: "half" as const }),
    ...(signal && { signal }),
    redirect: "error" as const,
  };
  const response = await received(send(address(endpoint, url, input), init), url, signal);
  if (response.ok || response.status === 304) return response;
  const text = await received(response.text(), url, signal);
  throw readError(parseError(text), response.status);
}

function address(endpoint: Endpoint, base: string, { params = {}, query = {} }: AnyInput): string {
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.append(name, String(value));
  }
  const origin = base.replace(/\/+$/, "");
  const scheme = endpoint.answer[0]?.kind === "socket" ? origin.replace(/^http/, "ws") : origin;
  return `${scheme}${path}${search.size > 0 ? `?${search.toString()}` : ""}`;
}

/** Plain objects travel as JSON, everything else as the bytes it is. */
function encode(endpoint: Endpoint, body: unknown): { body?: RequestInit["body"]; type?: string } {
  if (body === undefined) return {};
  const raw = endpoint.body.find((one) => one.kind === "bytes");
  if (raw === undefined || isPlain(body)) return { body: JSON.stringify(body), type: "application/json" };
  const stream = isIterable(body)
    ? toStream(body)
    : (body as ReadableStream | Blob | Uint8Array<ArrayBuffer> | string);
  return { body: stream, type: raw.type };
}

const isPlain = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const isIterable = (value: unknown): value is AsyncIterable<Uint8Array> =>
  typeof value === "object" &&
  value !== null &&
  Symbol.asyncIterator in value &&
  !(value instanceof ReadableStream);

function toStream(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel(reason) {
      await iterator.return?.(reason);
    },
  });
}

async function received<T>(promise: Promise<T>, url: string, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw fold(error, url, signal);
  }
}

function fold(error: unknown, url: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (error instanceof GhostError) return error;
  return new GhostError("unreachable", `Nothing answers at ${url}, or the connection broke off.`, {
    hint: "Is the gateway running? Start it with `npm run up`.",
    cause: error,
  });
}

function parseError(text: string): unknown {
  try {
    return (JSON.parse(text) as { error?: unknown }).error;
  } catch {
    return undefined;
  }
}
