import type { Duplex } from "node:stream";
import { messageOf } from "../../lib/app-error.ts";
import { HopFailure } from "./failure.ts";
import type { RelayTarget } from "./target.ts";

/** Dials within a deadline. A stream that comes after the caller has gone is closed again. */
export async function dial(target: RelayTarget, ms: number, signal: AbortSignal): Promise<Duplex> {
  const timeout = AbortSignal.timeout(ms);
  const either = AbortSignal.any([signal, timeout]);
  const dialled = target.dial(either);
  try {
    return await Promise.race([dialled, aborted(either)]);
  } catch (error) {
    dialled.then((late) => late.destroy()).catch(() => undefined);
    if (timeout.aborted && !signal.aborted) throw new HopFailure("app_connect_timeout");
    throw new HopFailure("app_not_listening", messageOf(error));
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
  });
}
