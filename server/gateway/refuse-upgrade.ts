import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { errorBody, errorHeaders } from "../api/errors.ts";
import type { AppError } from "../lib/app-error.ts";

/** An upgrade that is not granted gets the answer that a request would get. */
export function refuseUpgrade(socket: Duplex, error: AppError, requestId: string): void {
  const body = JSON.stringify(errorBody(error, requestId));
  const headers = {
    ...errorHeaders(error),
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "x-request-id": requestId,
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
  const head = `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ""}\r\n${lines.join("\r\n")}\r\n\r\n`;
  socket.end(head + body, () => socket.destroy());
}
