import type { IncomingMessage } from "node:http";
import type { Writable } from "node:stream";

const heartbeatMs = 500;

/**
 * Passes the rest of the request on. While the process does not read we read nothing from the client either, and so would not see it go:
 * `heartbeat` then writes to it.
 */
export function feedStdin(req: IncomingMessage, stdin: Writable, heartbeat: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  const resume = () => {
    clearInterval(timer);
    timer = undefined;
    req.resume();
  };
  req.on("data", (data: Buffer) => {
    if (stdin.destroyed || stdin.write(data)) return;
    req.pause();
    timer ??= setInterval(heartbeat, heartbeatMs);
  });
  req.once("end", () => stdin.end());
  req.once("close", () => {
    clearInterval(timer);
    stdin.end();
  });
  stdin.on("drain", resume);
  stdin.once("close", resume);
}
