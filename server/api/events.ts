import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Event } from "./handler.ts";

/** Proxies and browsers give up on a connection that says nothing for a minute or so. */
const keepAliveMs = 15_000;
/** So long a stream may fail with a proper status before its head is sent. */
const headGraceMs = 200;

/**
 * Sends events as they come and takes no new one while the client is slow. Resolves when the stream has ended; one that fails after its head
 * ends with an `error` event, made by `describe`.
 */
export async function sendEvents(
  response: ServerResponse,
  events: AsyncIterable<Event>,
  head: () => void,
  describe: (error: unknown) => unknown,
  signal: AbortSignal,
): Promise<void> {
  const iterator = events[Symbol.asyncIterator]();
  // Not a race with one promise for the whole stream: that would remember every event.
  let wake: ((result: IteratorResult<Event>) => void) | undefined;
  const stop = () => wake?.({ done: true, value: undefined });
  signal.addEventListener("abort", stop, { once: true });
  const orAborted = (next: Promise<IteratorResult<Event>>) =>
    new Promise<IteratorResult<Event>>((resolve, reject) => {
      wake = resolve;
      next.then(resolve, reject);
      if (signal.aborted) stop();
    });
  try {
    let next = iterator.next();
    await settledWithin(next, headGraceMs);
    head();
    response.flushHeaders();
    const beat = setInterval(() => response.write(":\n\n"), keepAliveMs);
    try {
      for (;;) {
        const one = await orAborted(next);
        if (one.done === true) break;
        beat.refresh();
        if (!response.write(format(one.value))) await once(response, "drain", { signal });
        next = iterator.next();
      }
      if (signal.aborted) throw signal.reason;
    } catch (error) {
      if (response.writable) response.write(format({ event: "error", data: describe(error) }));
    } finally {
      clearInterval(beat);
      response.end();
    }
  } finally {
    signal.removeEventListener("abort", stop);
    // Not awaited: a generator that hangs in an await takes the signal's word for it.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

function format({ event, data, id }: Event): string {
  const head = id === undefined ? "" : `id: ${id}\n`;
  return `${head}${event === "message" ? "" : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;
}

async function settledWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    const settled = () => {
      clearTimeout(timer);
      resolve();
    };
    promise.then(settled, settled);
  });
}
