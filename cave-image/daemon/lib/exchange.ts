import type { IncomingMessage, ServerResponse } from "node:http";
import { Problem } from "./problem.ts";

/** One request and its answer. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly query: URLSearchParams;
  /** The part of the path that names one of many: a pid, a terminal, a service. */
  readonly id: string;
}

export type Handler = (exchange: Exchange) => Promise<void> | void;

const bodyLimit = 24 * 2 ** 20;

export function sendJson(res: ServerResponse, value: unknown, status = 200): void {
  const body = Buffer.from(JSON.stringify(value));
  res.writeHead(status, { "content-type": "application/json", "content-length": body.length });
  res.end(body);
}

/** Aborts when the client goes away before it has the whole answer. */
export function goneSignal(res: ServerResponse): AbortSignal {
  const gone = new AbortController();
  res.once("close", () => {
    if (!res.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** Lines of JSON to whoever listens; one who does not read is cut off. */
export function lineWriter(res: ServerResponse): (value: unknown) => void {
  res.writeHead(200, { "content-type": "application/x-ndjson" });
  res.flushHeaders();
  return (value) => {
    if (res.writableLength > 2 ** 20) res.destroy();
    else res.write(`${JSON.stringify(value)}\n`);
  };
}

/** Exactly so many bytes of the body, or undefined when it ends before. */
export async function readExactly(req: IncomingMessage, size: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  for (let missing = size; missing > 0;) {
    // Taken as it comes: a stream that holds some bytes, but too few, would wake us again and again.
    const data = req.read(Math.min(missing, req.readableLength) || undefined) as Buffer | null;
    if (data) {
      parts.push(data);
      missing -= data.length;
      continue;
    }
    if (req.readableEnded || req.destroyed) return undefined;
    await new Promise<void>((resolve) => {
      const wake = () => {
        for (const event of ["readable", "end", "close"]) req.off(event, wake);
        resolve();
      };
      for (const event of ["readable", "end", "close"]) req.on(event, wake);
    });
  }
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

export function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem("malformed_json", "The body is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Problem("invalid_input", "The body is not a JSON object.");
  }
  return value as Record<string, unknown>;
}

/** The body; leaving the loop early leaves the connection open, so that the answer still gets through. */
export function bodyOf(req: IncomingMessage): AsyncIterable<Buffer> {
  return req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}

export async function readObject(req: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bodyOf(req)) {
    size += chunk.length;
    if (size > bodyLimit) throw new Problem("payload_too_large", "The body is too large.");
    chunks.push(chunk);
  }
  return parseObject(Buffer.concat(chunks).toString());
}

/** `?follow=1` and the like. */
export function flagOf(query: URLSearchParams, name: string): boolean {
  return ["1", "true"].includes(query.get(name) ?? "");
}

/** `?since=12` and the like: a whole number that is not negative. */
export function countOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(value)) {
    throw new Problem("invalid_input", `\`${name}\` is not a whole number.`);
  }
  return value;
}
