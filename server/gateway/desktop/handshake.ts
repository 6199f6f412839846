import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { AppError } from "../../lib/app-error.ts";

const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The answer that makes a request a WebSocket of ours: no extension, and the subprotocol if the client wants it. */
export function agree({ headers }: IncomingMessage, subprotocol: string): string {
  const key = headers["sec-websocket-key"] ?? "";
  if (headers["sec-websocket-version"] !== "13" || !/^[+/0-9A-Za-z]{22}==$/.test(key))
    throw new AppError("bad_request", "That is no WebSocket handshake of version 13.");
  const accept = createHash("sha1")
    .update(key + guid)
    .digest("base64");
  const wanted = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "upgrade: websocket",
    "connection: Upgrade",
    `sec-websocket-accept: ${accept}`,
    ...(wanted.includes(subprotocol) ? [`sec-websocket-protocol: ${subprotocol}`] : []),
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}
