import { api, isCode } from "../../lib/api.ts";
import { pause } from "./pause.ts";
import { Replay, type Stream } from "./replay.ts";
import type { Run, RunLog, RunStatus } from "#contract/run.ts";

export interface Follower {
  status(status: RunStatus, position: number | undefined): void;
  output(stream: Stream, text: string): void;
  /** Whether the connection is there. */
  connected(yes: boolean): void;
}

const firstWaitMs = 300;
const longestWaitMs = 5000;

/** Tells a run from its start to its end, over as many connections as that takes. Answers its result; throws when it is not there any more. */
export async function followRun(id: string, follower: Follower, signal: AbortSignal): Promise<Run> {
  const replay = new Replay();
  for (let failures = 0; ; failures++) {
    replay.restart();
    const result = await connection(id, signal, (log) => {
      failures = 0;
      if (log.type === "output") {
        const text = replay.take(log);
        if (text !== "") follower.output(log.stream, text);
      } else if (log.type === "status") follower.status(log.status, log.position);
      follower.connected(true);
    });
    if (result) return result;
    signal.throwIfAborted();
    follower.connected(false);
    await pause(Math.min(longestWaitMs, firstWaitMs * 2 ** failures), signal);
    // Sockets do not say why: whether it is still there, and whether one may know.
    await api.runs.get({ params: { id } }, { signal }).catch((error: unknown) => {
      if (!isCode(error, "unreachable") && !isCode(error, "shutting_down")) throw error;
    });
  }
}

/** One connection; the result if it came to that. */
function connection(id: string, signal: AbortSignal, tell: (log: RunLog) => void): Promise<Run | undefined> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const socket = new WebSocket(api.runs.logs.url({ params: { id } }));
    let result: Run | undefined;
    const abort = () => {
      socket.close();
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", abort, { once: true });
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      if (signal.aborted) return;
      const log = JSON.parse(data) as RunLog;
      if (log.type === "exit") result = log.run;
      else tell(log);
    };
    socket.onclose = () => {
      signal.removeEventListener("abort", abort);
      resolve(result);
    };
  });
}
