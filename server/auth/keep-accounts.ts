import type { Context } from "../context.ts";
import { sessionLimits } from "./session-cookie.ts";

const everyMs = 600_000;

/** Forgets credentials that have run out. They were refused already; this only keeps the tables small. */
export function keepAccounts({ store, now, log }: Pick<Context, "store" | "now" | "log">): Disposable {
  const tidy = async () => {
    const at = now();
    await store.tokens.prune(at);
    await store.sessions.prune(...sessionLimits(at));
    await store.accounts.pruneTickets(at);
    await store.surfaces.prune(at);
  };
  const timer = setInterval(() => {
    tidy().catch((error: unknown) => log.warn({ err: error }, "expired credentials were not removed"));
  }, everyMs).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
