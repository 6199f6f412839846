import { request, type ClientRequest, type IncomingMessage } from "node:http";
import type { Duplex, Readable } from "node:stream";
import type { z } from "zod";
import { AppError } from "../../lib/app-error.ts";
import { feed } from "../../lib/feed.ts";
import { watched } from "../../lib/streamed.ts";
import { DialAgent, type Dial } from "./dial-agent.ts";
import { connectionFailure, failureOf } from "./failures.ts";
import { daemonPort } from "#contract/daemon.ts";

export interface DaemonAddress {
  dial: Dial;
  token: string;
}

export interface Send {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  body?: Readable | Buffer;
  /** What goes before a body that is a stream. */
  first?: Buffer;
}

export interface Answer {
  req: ClientRequest;
  res: IncomingMessage;
}

/** A path of 4096 characters may come back in a header. */
const maxHeaderSize = 131_072;
const jsonLimit = 32 * 2 ** 20;
const failureLimit = 65_536;
/** How long a connection of another protocol may take to come about. */
const upgradeMs = 10_000;

/** Requests to one cave's daemon. What it answers is not believed: sizes are bounded and shapes parsed. */
export class DaemonClient {
  readonly #agent: DialAgent;
  readonly #dial: Dial;
  readonly #authorization: string;

  constructor({ dial, token }: DaemonAddress) {
    this.#agent = new DialAgent(dial, daemonPort);
    this.#dial = dial;
    this.#authorization = `Bearer ${token}`;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** The answer's head; its body is the caller's, and ends with an error when the signal aborts. */
  async open(send: Send, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    for (let attempt = 0; ; attempt++) {
      const { req, response } = this.#send(send, signal);
      try {
        const res = await response;
        if ((res.statusCode ?? 500) < 300) return { req, res };
        throw failureOf(
          await this.#parse(res, failureLimit).finally(() => req.writableFinished || req.destroy()),
        );
      } catch (error) {
        // A kept connection may have died unnoticed; what only asks may ask again.
        if (
          attempt === 0 &&
          req.reusedSocket &&
          !signal.aborted &&
          send.method === undefined &&
          isReset(error)
        )
          continue;
        throw connectionFailure(error, signal);
      }
    }
  }

  async json<S extends z.ZodType>(
    schema: S,
    send: Send & { json?: unknown },
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    const body = send.json === undefined ? {} : { body: Buffer.from(JSON.stringify(send.json)) };
    const { res } = await this.open({ ...send, ...body }, signal);
    const value = await this.#parse(res, jsonLimit).catch((error: unknown) => {
      throw connectionFailure(error, signal);
    });
    return parsed(schema, value);
  }

  /** Everything it answers, where that is not JSON. */
  async bytes(send: Send, limit: number, signal: AbortSignal): Promise<Buffer> {
    const { res } = await this.open(send, signal);
    return gather(res, limit).catch((error: unknown) => {
      throw connectionFailure(error, signal);
    });
  }

  /** A connection of its own, for a protocol that is not HTTP after its first words. */
  async connect(signal: AbortSignal): Promise<{ socket: Duplex; headers: Record<string, string> }> {
    const socket = await this.#dial(daemonPort, signal);
    return { socket, headers: { authorization: this.#authorization } };
  }

  /** The same, handed over once the daemon has agreed to that protocol: nothing of it is read, and nothing of it is lost. */
  async upgrade(path: string, protocol: string, signal: AbortSignal): Promise<Duplex> {
    const making = AbortSignal.any([signal, AbortSignal.timeout(upgradeMs)]);
    try {
      const { socket, headers } = await this.connect(making);
      // Whoever holds it may be between two listeners; an error closes it, and that is seen.
      socket.on("error", () => socket.destroy());
      try {
        await this.#handshake(socket, path, { ...headers, connection: "Upgrade", upgrade: protocol }, making);
      } catch (error) {
        socket.destroy();
        throw error;
      }
      return socket;
    } catch (error) {
      throw connectionFailure(error, signal);
    }
  }

  #handshake(
    socket: Duplex,
    path: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<void> {
    const req = request({ createConnection: () => socket, host: "cave", path, headers, signal });
    return new Promise((resolve, reject) => {
      req.once("upgrade", (_res, _socket, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve();
      });
      req.once("response", (res) => {
        this.#parse(res, failureLimit).then((body) => reject(failureOf(body)), reject);
      });
      req.on("error", reject);
      req.once("close", () => reject(new Error("The connection was closed.")));
      req.end();
    });
  }

  #send(send: Send, signal: AbortSignal): { req: ClientRequest; response: Promise<IncomingMessage> } {
    const { body, first } = send;
    const req = request({
      agent: this.#agent,
      host: "cave",
      method: send.method ?? "GET",
      path: `${send.path}${queryOf(send.query)}`,
      headers: {
        ...send.headers,
        authorization: this.#authorization,
        ...(Buffer.isBuffer(body) && { "content-length": body.length }),
      },
      maxHeaderSize,
      signal,
    });
    const settled = new AbortController();
    const response = new Promise<IncomingMessage>((resolve, reject) => {
      req.once("response", resolve);
      req.on("error", reject);
      signal.addEventListener("abort", () => reject(signal.reason as Error), {
        once: true,
        signal: settled.signal,
      });
    }).finally(() => settled.abort());
    if (body === undefined || Buffer.isBuffer(body)) req.end(body);
    else void giveOut(body, first, req, signal);
    return { req, response };
  }

  async #parse(res: IncomingMessage, limit: number): Promise<unknown> {
    const body = await gather(res, limit);
    try {
      return JSON.parse(body.toString());
    } catch {
      throw nonsense();
    }
  }
}

/**
 * Its failure is the request's: a body that breaks off must not look like one that ended. But not the other way: a body that is not wanted may be
 * somebody's who waits for the answer on the same connection.
 */
async function giveOut(
  body: Readable,
  first: Buffer | undefined,
  req: ClientRequest,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  req.once("close", () => over.abort());
  if (first) req.write(first);
  try {
    await feed(watched(body), req, AbortSignal.any([signal, over.signal]));
    req.end();
  } catch (error) {
    req.destroy(error as Error);
  }
}

async function gather(res: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of res as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw nonsense();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const { success, data, error } = schema.safeParse(value);
  if (!success) throw nonsense(error);
  return data;
}

export function nonsense(cause?: unknown): AppError {
  return new AppError("cave_unreachable", "The cave's daemon answered what it should not.", { cause });
}

function queryOf(query: Send["query"]): string {
  const entries = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== false);
  const text = new URLSearchParams(
    entries.map(([name, value]): [string, string] => [name, value === true ? "1" : String(value)]),
  );
  return entries.length === 0 ? "" : `?${text.toString()}`;
}

const isReset = (error: unknown) =>
  error instanceof Error && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
