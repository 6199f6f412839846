import WebSocket from "ws";
import { Failure } from "./failure.ts";
import { RunLog } from "#contract/run.ts";

/** What a run writes, as it comes, and its result last. */
export async function* followRun(
  url: string,
  token: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<RunLog, void, undefined> {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const waiting: RunLog[] = [];
  const state: { over: boolean; error?: Error } = { over: false };
  let wake = () => {};
  const end = (error?: Error) => {
    state.over = true;
    if (error) state.error ??= error;
    wake();
  };
  socket.on("message", (data: Buffer) => {
    waiting.push(RunLog.parse(JSON.parse(data.toString())));
    if (waiting.length > 64) socket.pause();
    wake();
  });
  socket.on("close", () => end());
  socket.on("error", (error) => end(new Failure(`The run cannot be followed: ${error.message}`)));
  const abort = () => socket.terminate();
  signal.addEventListener("abort", abort, { once: true });
  try {
    while (!state.over || waiting.length > 0) {
      const next = waiting.shift();
      if (next) {
        yield next;
        if (waiting.length === 0) socket.resume();
      } else await new Promise<void>((resolve) => (wake = resolve));
    }
    signal.throwIfAborted();
    if (state.error) throw state.error;
  } finally {
    signal.removeEventListener("abort", abort);
    socket.terminate();
  }
}
