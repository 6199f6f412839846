import { sendJson, type Handler } from "./lib/exchange.ts";
import { daemonProtocol, type DaemonReady } from "#contract/daemon.ts";

let warm = false;

/** The gateway asks this before it says that the cave is ready; what the first exec needs is prepared after the answer. */
export const ready: Handler = ({ res }) => {
  sendJson(res, { protocol: daemonProtocol, upMs: Math.round(performance.now()) } satisfies DaemonReady);
  if (warm) return;
  warm = true;
  res.once("close", () => void import("./exec/pipes.ts").then(({ stockPipes }) => stockPipes()));
};
