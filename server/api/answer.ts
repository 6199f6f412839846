import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "../lib/app-error.ts";
import { watched } from "../lib/streamed.ts";
import { sendEvents } from "./events.ts";
import { Reply, type Event } from "./handler.ts";
import type { Route } from "./router.ts";
import type { Answer } from "#contract/endpoint.ts";

type Choice = Route["answers"][number];

/** The first answer that the caller takes. */
export function chooseAnswer(route: Route, accept: string | undefined): Choice {
  const [first, ...others] = route.answers;
  if (first === undefined) throw new Error(`${route.name} has no answer.`);
  if (accept === undefined || accept === "" || first.answer.kind === "none") return first;
  const found = [first, ...others].find(({ answer }) => takes(accept, mediaType(answer)));
  if (found !== undefined) return found;
  const types = route.answers.map(({ answer }) => mediaType(answer));
  throw new AppError("not_acceptable", `This endpoint answers ${types.join(" or ")}.`, {
    details: { types },
  });
}

/** Whether an `Accept` header allows a media type. */
export function takes(accept: string | undefined, type: string): boolean {
  if (accept === undefined || accept === "") return true;
  return accept.split(",").some((part) => {
    const [range = "", ...more] = part.split(";").map((piece) => piece.trim().toLowerCase());
    if (more.some((piece) => /^q=0(\.0*)?$/.test(piece))) return false;
    return range === "*/*" || range === type || (range.endsWith("/*") && type.startsWith(range.slice(0, -1)));
  });
}

function mediaType(answer: Answer): string {
  switch (answer.kind) {
    case "json":
      return "application/json";
    case "events":
      return "text/event-stream";
    case "text":
    case "bytes":
      return answer.type.split(";", 1)[0] ?? "";
    case "none":
    case "socket":
      return "*/*";
  }
}

/** Sends what a handler gave, in the form that was chosen. Resolves when it has been sent. */
export async function sendAnswer(
  { endpoint }: Route,
  { answer }: Choice,
  result: unknown,
  response: ServerResponse,
  describe: (error: unknown) => unknown,
  signal: AbortSignal,
): Promise<void> {
  const reply = result instanceof Reply ? (result as Reply<unknown>) : undefined;
  const body = reply === undefined ? result : reply.body;
  const status = reply?.status ?? endpoint.status;
  const headers = reply?.headers ?? {};
  if (body === undefined) {
    response.writeHead(status, headers).end();
  } else if (answer.kind === "events") {
    const head = () =>
      void response.writeHead(200, {
        "content-type": "text/event-stream",
        "x-accel-buffering": "no",
        ...headers,
      });
    await sendEvents(response, body as AsyncIterable<Event>, head, describe, signal);
  } else if (body instanceof Readable) {
    response.writeHead(status, {
      "content-type": "type" in answer ? answer.type : "application/octet-stream",
      ...headers,
    });
    response.flushHeaders();
    await pipeline(watched(body), response, { signal });
  } else if (answer.kind === "text") {
    sendText(response, status, { "content-type": answer.type, ...headers }, body as string);
  } else {
    sendJson(response, status, body, headers);
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  sendText(
    response,
    status,
    { "content-type": "application/json; charset=utf-8", ...headers },
    JSON.stringify(body),
  );
}

function sendText(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  text: string,
): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text) }).end(text);
}
