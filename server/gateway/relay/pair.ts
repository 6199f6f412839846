import type { Duplex } from "node:stream";
import { streamed } from "../../lib/streamed.ts";
import { pendingBytes } from "./limits.ts";

/**
 * Joins two byte streams until both are closed, with back-pressure each way. When one side ends, the other is told and gets `lingerMs` to finish;
 * when one breaks, so does the other.
 */
export function pair(
  client: Duplex,
  target: Duplex,
  options: { lingerMs: number; onInput?: () => void },
): Promise<void> {
  return new Promise((resolve) => {
    let linger: NodeJS.Timeout | undefined;
    const destroy = () => {
      client.destroy();
      target.destroy();
    };
    const settle = () => {
      if (!client.closed || !target.closed) return;
      clearTimeout(linger);
      resolve();
    };
    const join = (from: Duplex, to: Duplex, onBytes?: () => void) => {
      from.on("data", (chunk: Buffer) => {
        streamed(chunk.length);
        onBytes?.();
        if (to.writable && !to.write(chunk) && to.writableLength >= pendingBytes) from.pause();
      });
      to.on("drain", () => from.resume());
      from.on("end", () => {
        to.end();
        linger ??= setTimeout(destroy, options.lingerMs).unref();
      });
      from.on("error", destroy);
      from.on("close", () => {
        // What an orderly end has left in the other's buffer still gets out.
        if (!from.readableEnded || from.errored) destroy();
        settle();
      });
    };
    join(client, target, options.onInput);
    join(target, client);
    if (client.destroyed || target.destroyed) destroy();
    settle();
    client.resume();
    target.resume();
  });
}
