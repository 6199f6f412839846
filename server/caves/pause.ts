import type { Call, Context } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import type { CaveRecord } from "./cave-record.ts";
import { operate } from "./operate.ts";
import { save } from "./save.ts";
import type { Cave } from "#contract/cave.ts";

export function pauseCave(call: Call, { cave }: { cave: string }, signal: AbortSignal): Promise<Cave> {
  return operate(call, cave, "pause", signal, async (record, lifetime) => {
    pausing(call, record);
    return finishPause(call, await save(call, record.id, { desired: "paused" }), lifetime);
  });
}

export function resumeCave(call: Call, { cave }: { cave: string }, signal: AbortSignal): Promise<Cave> {
  return operate(call, cave, "resume", signal, async (record, lifetime) => {
    pausing(call, record);
    return finishResume(call, await save(call, record.id, { desired: "running" }), lifetime);
  });
}

export async function finishPause(
  ctx: Context,
  record: CaveRecord,
  signal: AbortSignal,
): Promise<CaveRecord> {
  await pausing(ctx, record).pause(record.id, signal);
  return save(ctx, record.id, { state: "paused" });
}

export async function finishResume(
  ctx: Context,
  record: CaveRecord,
  signal: AbortSignal,
): Promise<CaveRecord> {
  await pausing(ctx, record).resume(record.id, signal);
  return save(ctx, record.id, { state: "running", activityAt: ctx.now(), activityWhat: "resumed" });
}

function pausing(ctx: Context, { backend: name }: CaveRecord) {
  const backend = ctx.backends.get(name);
  if (!backend.can.pause || !backend.pause || !backend.resume) {
    throw new AppError("unsupported", `The backend ${name} cannot pause caves.`);
  }
  return { pause: backend.pause.bind(backend), resume: backend.resume.bind(backend) };
}
