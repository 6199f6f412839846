import type { Logger } from "pino";
import { keepAccounts } from "./auth/keep-accounts.ts";
import { ensureFirstUser } from "./auth/users.ts";
import { startKeeping } from "./caves/keeping.ts";
import type { Config } from "./config/config.ts";
import { lockHome, prepareHome, writePidFile } from "./config/home.ts";
import { createContext, type Context, type Given } from "./context.ts";
import { openGateway, type Gateway } from "./gateway/gateway.ts";

export interface Ghost extends AsyncDisposable {
  readonly ctx: Context;
  readonly gateway: Gateway;
  readonly log: Logger;
}

/** A whole gateway, from its settings: the same for `main.ts` and for tests. */
export async function startGhost(config: Config, given: Given = {}): Promise<Ghost> {
  await using stack = new AsyncDisposableStack();
  prepareHome(config.home);
  stack.use(lockHome(config));
  const ctx = stack.use(await createContext(config, given));
  await ensureFirstUser(ctx);
  stack.use(keepAccounts(ctx));
  ctx.metrics.countCaves(async () => countByState(await ctx.store.caves.all()));
  stack.use(startKeeping(ctx));
  const gateway = stack.use(await openGateway(ctx));
  stack.use(writePidFile(config.paths.pid, config.url));
  const owned = stack.move();
  return { ctx, gateway, log: ctx.log, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function countByState(caves: readonly { state: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of caves) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
