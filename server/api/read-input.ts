import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import { AppError } from "../lib/app-error.ts";
import type { Route } from "./router.ts";

/** A small body that takes longer than this to arrive is not coming. */
const bodyTimeoutMs = 30_000;

/** Everything a handler gets, parsed by the endpoint's schemas. A raw body stays the stream it is. */
export async function readInput(
  route: Route,
  request: IncomingMessage,
  rawParams: Record<string, string>,
  query: string,
  signal: AbortSignal,
): Promise<{ params: unknown; query: unknown; body: unknown; headers: IncomingMessage["headers"] }> {
  const { endpoint } = route;
  const params = check(endpoint.params, rawParams, "path");
  const parsedQuery = check(endpoint.query, parseQuery(query), "query");
  const body = await readBody(route, request, signal);
  return { params, query: parsedQuery, body, headers: request.headers };
}

function parseQuery(text: string): Record<string, string> {
  const fields = Object.create(null) as Record<string, string>;
  if (text === "") return fields;
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in fields) throw new AppError("bad_request", `The query has ${quote(name)} twice.`);
    fields[name] = value;
  }
  return fields;
}

async function readBody(route: Route, request: IncomingMessage, signal: AbortSignal): Promise<unknown> {
  const { json, bytes } = route;
  const {
    "content-length": length,
    "transfer-encoding": chunked,
    "content-type": type = "",
  } = request.headers;
  const empty = chunked === undefined && (length === undefined || length === "0");
  if (json === undefined && bytes === undefined) {
    if (!empty) throw new AppError("bad_request", "This endpoint takes no body.");
    return undefined;
  }
  if (request.headers["content-encoding"] !== undefined) {
    throw new AppError("unsupported_media_type", "Send the body as it is, without Content-Encoding.");
  }
  if (json !== undefined && /^application\/json *(;|$)/i.test(type)) {
    return check(json.schema, parseJson(await readText(request, json.maxBytes, signal)), "body");
  }
  // Where nothing but bytes is taken, they may be called anything.
  if (bytes !== undefined && (json === undefined || type === bytes.type)) return request;
  const wanted = [json && "application/json", bytes?.type].filter(Boolean).join(" or ");
  throw new AppError("unsupported_media_type", `Send the body as ${wanted}.`);
}

async function readText(request: IncomingMessage, maxBytes: number, signal: AbortSignal): Promise<string> {
  const tooLarge = () =>
    new AppError("payload_too_large", `The body is larger than ${maxBytes} bytes.`, {
      details: { maxBytes },
    });
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => {
      request.removeAllListeners("data").resume();
      reject(error);
    };
    const timer = setTimeout(
      () => fail(new AppError("request_timeout", "The body did not arrive in time.")),
      bodyTimeoutMs,
    );
    const gone = () => fail(signal.reason as Error);
    signal.addEventListener("abort", gone, { once: true });
    const settled = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", gone);
    };
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        settled();
        fail(tooLarge());
      } else chunks.push(chunk);
    });
    request.once("end", () => {
      settled();
      resolve();
    });
    request.once("error", (error) => {
      settled();
      reject(error);
    });
  });
  return (chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)).toString();
}

function parseJson(text: string): unknown {
  try {
    // Only a text that may hold the name pays for the look at every key.
    return JSON.parse(text, /__proto__|\\u/i.test(text) ? refuseProto : undefined) as unknown;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("malformed_json", "The body is not valid JSON.", { cause: error });
  }
}

function refuseProto(key: string, value: unknown): unknown {
  if (key === "__proto__") throw new AppError("bad_request", "The body has a key `__proto__`.");
  return value;
}

function check(schema: z.ZodType, value: unknown, where: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 20).map((issue) => ({
    path: [where, ...issue.path].join("."),
    message:
      issue.code === "unrecognized_keys" ? `Unknown: ${issue.keys.map(quote).join(", ")}` : issue.message,
  }));
  const [first] = issues;
  const message = first === undefined ? `The ${where} is not valid.` : `${first.path}: ${first.message}`;
  throw new AppError("invalid_input", message.slice(0, 500), { details: { issues: issues.map(short) } });
}

const short = ({ path, message }: { path: string; message: string }) => ({
  path: path.slice(0, 200),
  message: message.slice(0, 300),
});
const quote = (name: string) => `\`${name.slice(0, 100)}\``;
