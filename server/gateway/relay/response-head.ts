import { HopFailure } from "./failure.ts";

export interface ResponseHead {
  status: number;
  reason: string;
  /** Name, value, name, value …: spelled and ordered as they came. */
  headers: string[];
  contentLength: number | undefined;
  chunked: boolean;
  /** The target keeps the connection open after this answer. */
  persistent: boolean;
  /** Header names that `Connection` declares to be of this hop only, in lower case. */
  nominated: readonly string[];
  upgrade: string | undefined;
}

const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: (.*))?$/;
const forbidden = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?<!\r)\n/;
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const noNames: readonly string[] = [];

/** Parses the head of an answer (without its last empty line), in latin1 so that every byte survives. */
export function parseResponseHead(text: string, maxHeaders: number): ResponseHead {
  if (forbidden.test(text)) throw new HopFailure("app_bad_answer", "forbidden byte in head");
  const lines = text.split("\r\n");
  const first = statusLine.exec(lines[0] ?? "");
  if (!first) throw new HopFailure("app_bad_answer", "bad status line");
  if (lines.length - 1 > maxHeaders) throw new HopFailure("app_bad_answer", "too many headers");
  const modern = first[1] === "1";
  const head: ResponseHead = {
    status: Number(first[2]),
    reason: first[3] ?? "",
    headers: [],
    contentLength: undefined,
    chunked: false,
    persistent: modern,
    nominated: noNames,
    upgrade: undefined,
  };
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    if (colon < 1 || !token.test(name)) throw new HopFailure("app_bad_answer", "bad header line");
    const value = trim(line, colon + 1);
    head.headers.push(name, value);
    // Only names of these lengths frame a message: the others are not even put in lower case.
    if (name.length === 14 || name.length === 17 || name.length === 10 || name.length === 7) {
      frame(head, name.toLowerCase(), value, modern);
    }
  }
  // A message with both has two lengths: whoever reads the other one sees another message.
  if (head.chunked && head.contentLength !== undefined) {
    throw new HopFailure("app_bad_answer", "Content-Length and Transfer-Encoding");
  }
  return head;
}

function frame(head: ResponseHead, name: string, value: string, modern: boolean): void {
  switch (name) {
    case "content-length":
      if (head.contentLength !== undefined || !/^\d{1,15}$/.test(value)) {
        throw new HopFailure("app_bad_answer", "bad Content-Length");
      }
      head.contentLength = Number(value);
      break;
    case "transfer-encoding":
      if (!modern || head.chunked || value.toLowerCase() !== "chunked") {
        throw new HopFailure("app_bad_answer", "bad Transfer-Encoding");
      }
      head.chunked = true;
      break;
    case "connection": {
      const names = value
        .toLowerCase()
        .split(",")
        .map((part) => part.trim());
      if (names.includes("close")) head.persistent = false;
      else if (!modern && names.includes("keep-alive")) head.persistent = true;
      head.nominated = [...head.nominated, ...names];
      break;
    }
    case "upgrade":
      head.upgrade = value.toLowerCase();
      break;
    default:
  }
}

function trim(line: string, from: number): string {
  let start = from;
  let end = line.length;
  while (start < end && isBlank(line.charCodeAt(start))) start++;
  while (end > start && isBlank(line.charCodeAt(end - 1))) end--;
  return line.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
