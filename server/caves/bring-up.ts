import type { Backend, ImageInfo } from "../backends/backend.ts";
import type { Context } from "../context.ts";
import type { Guest } from "../guest/guest.ts";
import { AppError, isAppError, messageOf } from "../lib/app-error.ts";
import type { CaveChanges, CaveRecord } from "./cave-record.ts";
import { environmentOf } from "./environment.ts";
import { guestOf } from "./guest-of.ts";
import { type Report, silent, staged } from "./progress.ts";
import { resolveImage } from "./resolve-image.ts";
import { secretsOf } from "./secrets-of.ts";
import { tellStarting } from "./tell-starting.ts";

/** How far the backend has to go. */
export type From = "nothing" | "stopped";

/**
 * Makes what the record says true: an image, a container, its processes, and a daemon that answers and holds the environment and the secrets. Every step may be
 * done again, so whoever finds it half done calls it once more. Gives back what the store should know, and leaves writing it to the caller.
 */
export async function bringUp(
  ctx: Context,
  record: CaveRecord,
  options: { from: From; report?: Report; secrets?: Record<string, string> },
  signal: AbortSignal,
): Promise<CaveChanges> {
  using telling = tellStarting(ctx, record, options.report ?? silent);
  const { report } = telling;
  const backend = ctx.backends.get(record.backend);
  const secrets = options.secrets ?? (await secretsOf(ctx, record));
  const find = () => staged(report, "image", () => resolveImage(ctx, backend, record, report, signal));
  const first = options.from === "nothing" ? await find() : undefined;
  using _slot = await ctx.fleet.starts.take(signal); // an image may be waited for by everybody at once
  const again = first === undefined && (await startAgain(backend, record, report, signal));
  const found = again ? undefined : (first ?? (await find()));
  if (found) await make(ctx, backend, record, found, report, signal);
  const { image, daemon } = found ? { image: found.ref, daemon: found.daemon } : record;

  const guest = guestOf(ctx, { ...record, daemon });
  await staged(report, "ready", async () => {
    await ready(guest, record, ctx.config.caves.readyTimeoutMs, signal);
    await guest.setEnvironment(environmentOf(ctx.config, record), signal);
    if (record.secrets.length > 0) await guest.setSecrets(secrets, signal);
  });
  return {
    image,
    daemon,
    state: "running",
    desired: "running",
    stateReason: undefined,
    startedAt: ctx.now(),
  };
}

/** Starts what was asked to come with the cave. A service that does not start is told of in the cave's services; the cave is fine. */
export function startServices(ctx: Context, record: CaveRecord): void {
  const { live, events, tasks } = ctx.fleet;
  for (const name of record.services) {
    tasks.start(`start ${name} in ${record.id}`, async (signal) => {
      try {
        await guestOf(ctx, record).startService(name, signal);
        delete live.of(record.id)?.refused[name];
      } catch (error) {
        if (signal.aborted) return;
        const since = ctx.now().toISOString();
        live.open(record.id).refused[name] = { state: "failed", since, reason: messageOf(error) };
        events.publish(record.ownerId, {
          type: "services",
          caveId: record.id,
          services: live.services(record.id),
        });
      }
    });
  }
}

/** False when the engine no longer has the cave. */
async function startAgain(
  backend: Backend,
  record: CaveRecord,
  report: Report,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await staged(report, "start", () => backend.start(record.id, signal));
    return true;
  } catch (error) {
    if (isAppError(error, "cave_not_found")) return false;
    throw error;
  }
}

async function make(
  ctx: Context,
  backend: Backend,
  record: CaveRecord,
  image: ImageInfo,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  try {
    await staged(report, "create", () => backend.create(specOf(ctx, record, image), signal));
  } catch (error) {
    if (isAppError(error, "image_not_found")) ctx.images.forget(backend, image.ref);
    throw error;
  }
  await staged(report, "start", () => backend.start(record.id, signal));
}

function specOf(ctx: Context, record: CaveRecord, image: ImageInfo) {
  const { id, name, limits, network, env } = record;
  const daemon = image.daemon !== undefined && { daemonTokenHash: ctx.guests.tokenHash(id) };
  return { id, name, image, limits, network, env, ...daemon };
}

async function ready(
  guest: Guest,
  record: CaveRecord,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    await guest.ready(AbortSignal.any([signal, deadline]));
  } catch (error) {
    if (signal.aborted || !deadline.aborted) throw error;
    const message = `The cave ${record.name} was started, but could not be used within ${timeoutMs / 1000} s.`;
    throw new AppError("timeout", message, { cause: error });
  }
}
