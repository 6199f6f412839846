import type { IncomingMessage, ServerResponse } from "node:http";

/** So much of a body that was refused is still taken, and for so long. */
const refusedBytes = 64 * 2 ** 20;
const refusedMs = 2_000;
/** How long a body that is taken to its end may make no progress. */
const idleMs = 10_000;
const lookMs = 50;

/**
 * After an answer that came before the end of the request: what follows is dropped. Closing at once would reset the connection under the hands of
 * whoever is still sending, and with it goes the answer. A browser looks for it only when everything is sent or the connection is closed, and after
 * that believes refusals alone: so they are followed by a close, and everything else is waited for.
 */
export function linger({ req: request, statusCode }: ServerResponse): void {
  if (request.complete) return;
  const { socket } = request;
  const before = socket.bytesRead;
  const began = performance.now();
  let last = { bytes: before, at: began };
  const timer = setInterval(() => {
    request.resume(); // whoever read it may stop doing so only now
    const at = performance.now();
    const bytes = socket.bytesRead;
    if (bytes > last.bytes) last = { bytes, at };
    const over =
      statusCode >= 400 ? bytes - before > refusedBytes || at - began > refusedMs : at - last.at > idleMs;
    if (over) socket.destroy();
  }, lookMs);
  const stop = () => clearInterval(timer);
  request.once("end", stop).resume();
  socket.once("close", stop);
}

/** Says that the connection is closed, where a refusal comes before the end of the request. To be called before its head is written. */
export function closeAfterRefusal(response: ServerResponse): void {
  const request: IncomingMessage = response.req;
  if (request.complete) return;
  const { socket } = request;
  response.shouldKeepAlive = false;
  // What Node calls then would reset the connection; the other half is closed when the body has ended, or nobody waits for that any more.
  socket.destroySoon = () => {
    socket.end();
    request.once("close", () => socket.destroy());
  };
}
