import type { Context } from "../context.ts";
import { messageOf } from "../lib/app-error.ts";
import { saveActivity } from "./activity.ts";
import { EngineLoop } from "./engine-loop.ts";
import { renewEnvironments } from "./environment.ts";
import { every } from "./every.ts";
import { expire, watchDisks } from "./expire.ts";
import { Sampler } from "./sampler.ts";
import { watchCaves } from "./watchers.ts";

export interface Keeping extends AsyncDisposable {
  /** Resolves when every engine has been compared with the store once, or did not answer. */
  readonly compared: Promise<void>;
}

const second = 1_000;
const day = 86_400 * second;

/** All that Ghost does by itself: keeps store and engines in step, watches running caves, ends what is over. */
export function startKeeping(ctx: Context): Keeping {
  const ending = new AbortController();
  const { signal } = ending;
  const failed = (what: string) => (error: unknown) =>
    ctx.log.warn({ what, reason: messageOf(error) }, "keeping failed");
  const engines = ctx.backends.all().map((backend) => new EngineLoop(ctx, backend, signal));
  const sampler = new Sampler(ctx);

  const loops = [
    ...engines.map((engine) => engine.run()),
    ...engines.map((engine) => every(60 * second, signal, () => engine.reconcile(), failed("reconcile"))),
    watchCaves(ctx, signal).catch(failed("watch")),
    renewEnvironments(ctx, signal).catch(failed("environments")),
    followImages(ctx, signal).catch(failed("images")),
    every(5 * second, signal, () => expire(ctx), failed("expire")),
    every(5 * second, signal, () => sampler.sample(signal), failed("sample")),
    every(30 * second, signal, () => saveActivity(ctx), failed("activity")),
    every(60 * second, signal, () => watchDisks(ctx, signal), failed("disks")),
    every(60 * 60 * second, signal, () => prune(ctx), failed("prune")),
  ];
  return {
    compared: Promise.all(engines.map((engine) => engine.compared)).then(() => undefined),
    async [Symbol.asyncDispose]() {
      ending.abort();
      await Promise.allSettled(loops);
      await saveActivity(ctx).catch(failed("activity"));
    },
  };
}

async function followImages(ctx: Context, signal: AbortSignal): Promise<void> {
  for await (const build of ctx.images.changes(signal))
    ctx.fleet.events.publish(undefined, { type: "image", build });
}

/** Answers may be asked for again for a day; removed caves are remembered for a month. */
async function prune({ store, now }: Context): Promise<void> {
  await store.idempotency.prune(new Date(now().getTime() - day));
  await store.caves.pruneRemoved(new Date(now().getTime() - 30 * day));
}
