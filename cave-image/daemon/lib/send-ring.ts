import type { ServerResponse } from "node:http";
import type { Changes } from "./changes.ts";
import { goneSignal } from "./exchange.ts";
import type { OutputRing } from "./output-ring.ts";

const mostAtOnce = 65_536;

export interface RingSource {
  readonly ring: OutputRing;
  readonly ended: boolean;
  readonly changes: Changes;
}

/** Output from an offset on, and with `follow` all that is to come, as fast as the client reads. */
export async function sendRing(
  res: ServerResponse,
  source: RingSource,
  since: number,
  follow: boolean,
): Promise<void> {
  const { ring } = source;
  const gone = goneSignal(res);
  let at = Math.min(Math.max(since, ring.start), ring.end);
  res.writeHead(200, { "content-type": "application/octet-stream", "x-ghost-from": at });
  res.flushHeaders();
  while (!gone.aborted) {
    if (at < ring.start) return void res.destroy(); // what comes next was forgotten: no gap is to go unnoticed
    const data = ring.read(at, mostAtOnce);
    at += data.length;
    if (data.length > 0) {
      await new Promise<void>((resolve) => {
        gone.addEventListener("abort", () => resolve(), { once: true });
        res.write(data, () => resolve());
      });
    } else if (follow && !source.ended) {
      await source.changes.next(gone);
    } else {
      res.end();
      return;
    }
  }
}
