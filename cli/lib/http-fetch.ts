import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

/**
 * `fetch` over node:http. The built-in one gives up on an answer that is silent for five minutes, which is no reason to lose a long build, and
 * waits for the whole body before it shows the answer's head, which would hold back the output of a command that is still being fed.
 */
export function createFetch(): { fetch: typeof fetch } & Disposable {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  return {
    fetch: (input, init = {}) => {
      const url = new URL(input instanceof Request ? input.url : input);
      return url.protocol === "https:"
        ? send(url, init, (options) => httpsRequest(url, { ...options, agent: agents.https }))
        : send(url, init, (options) => httpRequest(url, { ...options, agent: agents.http }));
    },
    [Symbol.dispose]() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

interface Options {
  method: string;
  headers: Record<string, string>;
  signal?: AbortSignal;
}

function send(
  url: URL,
  init: RequestInit,
  open: (options: Options) => ReturnType<typeof httpRequest>,
): Promise<Response> {
  const signal = init.signal ?? undefined;
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const headers = Object.fromEntries(new Headers(init.headers));
  const body = init.body ?? undefined;
  if (typeof body === "string") headers["content-length"] = String(Buffer.byteLength(body));
  const outgoing = open({ method: init.method ?? "GET", headers, ...(signal && { signal }) });
  outgoing.on("error", reject);
  outgoing.on("response", (incoming) => {
    // After an early answer (a refusal, say) the rest of the body has nowhere to go; that is not this call's failure.
    outgoing.on("error", () => undefined);
    resolve(toResponse(incoming));
  });
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) outgoing.end(body);
  else if (body instanceof ReadableStream) {
    outgoing.flushHeaders(); // or they would wait for the first byte, which somebody may yet have to type
    pipeline(Readable.fromWeb(body as NodeReadableStream<Uint8Array>), outgoing).catch(reject);
  } else reject(new TypeError(`This kind of body cannot be sent to ${url.href}.`));
  return promise;
}

function toResponse(incoming: IncomingMessage): Response {
  const status = incoming.statusCode ?? 500;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    for (const one of [value].flat()) if (one !== undefined) headers.append(name, one);
  const empty = status === 204 || status === 304;
  if (empty) incoming.resume();
  const stream = empty ? null : (Readable.toWeb(incoming) as unknown as ReadableStream<Uint8Array>);
  return new Response(stream, { status, headers });
}
