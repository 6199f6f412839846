import type { Call } from "../context.ts";
import type { CaveChanges, CaveRecord } from "./cave-record.ts";
import { renewEnvironment } from "./environment.ts";
import { operate } from "./operate.ts";
import { save } from "./save.ts";
import type { Cave, Limits, PatchCave } from "#contract/cave.ts";

export function patchCave(
  call: Call,
  { cave, patch }: { cave: string; patch: PatchCave },
  signal: AbortSignal,
): Promise<Cave> {
  return operate(call, cave, "patch", signal, async (record, lifetime) => {
    const changes = changesOf(patch, record, call.now());
    const changed = await save(call, record.id, changes);
    if (changed.name !== record.name && changed.state === "running")
      await renewEnvironment(call, changed, lifetime);
    if (changes.limits === undefined) return changed;
    try {
      await call.backends.get(record.backend).update(record.id, changed.limits, lifetime);
      return changed;
    } catch (error) {
      await save(call, record.id, { limits: record.limits }); // they are not in force
      throw error;
    }
  });
}

function changesOf(patch: PatchCave, record: CaveRecord, now: Date): CaveChanges {
  const changes: CaveChanges = {};
  if (patch.name !== undefined) changes.name = patch.name;
  if (patch.idleTimeoutMs !== undefined) changes.idleTimeoutMs = patch.idleTimeoutMs ?? undefined;
  if (patch.ttlMs !== undefined) {
    changes.expiresAt = patch.ttlMs === null ? undefined : new Date(now.getTime() + patch.ttlMs);
  }
  const { cpus, memoryMb, pids, diskMb } = patch.limits ?? {};
  const limits: Limits = {
    cpus: cpus ?? record.limits.cpus,
    memoryMb: memoryMb ?? record.limits.memoryMb,
    pids: pids ?? record.limits.pids,
    diskMb: diskMb ?? record.limits.diskMb,
  };
  if (patch.limits !== undefined) changes.limits = limits;
  return changes;
}
