import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { GuestSocket } from "../guest/guest.ts";
import { AppError } from "../lib/app-error.ts";
import { pair } from "./relay/pair.ts";

/** What of a handshake goes on to the cave, and what of its answer comes back. No cookie, no token, no extension. */
const inward = ["sec-websocket-key", "sec-websocket-version", "sec-websocket-protocol"] as const;
const outward = ["sec-websocket-accept", "sec-websocket-protocol"] as const;
const handshakeMs = 10_000;
/** How long one end may take to finish once the other has. */
const lingerMs = 2_000;

/** Makes the WebSocket handshake with the cave and then lets bytes pass both ways: frames are the cave's and the caller's business. */
export async function bridge(
  caller: { request: IncomingMessage; socket: Duplex; head: Buffer },
  guest: GuestSocket,
  signal: AbortSignal,
): Promise<void> {
  const { request, socket } = caller;
  const cave = guest.socket;
  try {
    const { answer, head } = await handshake(
      request,
      guest,
      AbortSignal.any([signal, AbortSignal.timeout(handshakeMs)]),
    );
    signal.throwIfAborted();
    const lines = outward.flatMap((name) =>
      answer[name] === undefined ? [] : [`${name}: ${answer[name] ?? ""}`],
    );
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n${lines.join("\r\n")}\r\n\r\n`,
    );
    if (head.length > 0) socket.write(head);
    if (caller.head.length > 0) cave.write(caller.head);
  } catch (error) {
    cave.destroy();
    throw error;
  }
  const end = () => socket.destroy();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  await pair(socket, cave, { lingerMs });
  signal.removeEventListener("abort", end);
}

async function handshake(
  { headers }: IncomingMessage,
  guest: GuestSocket,
  signal: AbortSignal,
): Promise<{ answer: IncomingMessage["headers"]; head: Buffer }> {
  const given = Object.fromEntries(
    inward.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  );
  const upstream = httpRequest({
    createConnection: () => guest.socket,
    path: guest.path,
    headers: { host: "cave", ...given, ...guest.headers, connection: "Upgrade", upgrade: "websocket" },
    signal,
  });
  return new Promise((resolve, reject) => {
    const unreachable = (cause?: unknown) =>
      reject(new AppError("cave_unreachable", "The cave did not take the connection.", { cause }));
    upstream.once("upgrade", (answer, _, head) => resolve({ answer: answer.headers, head }));
    upstream.once("response", (answer) => {
      answer.destroy();
      unreachable(new Error(`It answered ${answer.statusCode ?? 0}.`));
    });
    upstream.once("error", unreachable);
    upstream.end();
  });
}
