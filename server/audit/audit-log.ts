import { createHmac } from "node:crypto";
import type { Logger } from "pino";
import type { Keys } from "../config/keys.ts";
import type { Store } from "../store/store.ts";
import type { AuditEntry } from "#contract/account.ts";

/** What is written down of one act; never a value that was given. */
export type AuditEvent = Omit<AuditEntry, "seq" | "at" | "hash">;

/** Who did what, and how it ended. Each entry is bound to the one before it with a key that is not in the database. */
export interface AuditLog extends AsyncDisposable {
  record(event: AuditEvent): void;
  /** Resolves when all that was recorded is in the store. */
  flush(): Promise<void>;
}

const flushMs = 200;
/** Beyond that the store has failed for long: new entries are counted in the log instead. */
const maxWaiting = 10_000;

/** Writes in batches: one commit for many acts, and no caller waits for it. */
export function openAuditLog({
  store,
  keys,
  now,
  log,
}: {
  store: Store;
  keys: Pick<Keys, "audit">;
  now: () => Date;
  log: Logger;
}): AuditLog {
  let waiting: Omit<AuditEntry, "seq" | "hash">[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    if (waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    try {
      await store.transaction(async ({ audit }) => {
        let last = await audit.last();
        for (const event of batch) {
          const unsigned = { seq: (last?.seq ?? 0) + 1, ...event };
          const entry = { ...unsigned, hash: sign(keys.audit.reveal(), last?.hash ?? "", unsigned) };
          await audit.append(entry);
          last = entry;
        }
      });
    } catch (error) {
      log.error({ err: error, entries: batch.length }, "the audit log was not written; trying again");
      waiting = [...batch, ...waiting];
    }
  }
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    return (writing = writing.then(write));
  };

  return {
    record(event) {
      if (waiting.length >= maxWaiting) {
        log.error(
          { action: event.action, actor: event.actor, outcome: event.outcome },
          "the audit log is full",
        );
        return;
      }
      waiting.push({ at: now().toISOString(), ...event });
      timer ??= setTimeout(() => void flush(), flushMs).unref();
    },
    flush,
    [Symbol.asyncDispose]: flush,
  };
}

/** Reads the whole log; the first entry that was changed, or whose neighbour was taken out, if any. */
export async function verifyAudit(
  store: Store,
  keys: Pick<Keys, "audit">,
): Promise<{ entries: number; brokenAt?: number }> {
  let last = { seq: 0, hash: "" };
  for (;;) {
    const entries = await store.audit.after(last.seq, 1000);
    if (entries.length === 0) return { entries: last.seq };
    for (const entry of entries) {
      if (entry.seq !== last.seq + 1 || entry.hash !== sign(keys.audit.reveal(), last.hash, entry)) {
        return { entries: last.seq, brokenAt: entry.seq };
      }
      last = entry;
    }
  }
}

function sign(key: Buffer, before: string, entry: Omit<AuditEntry, "hash">): string {
  const { seq, at, actor, action, target, outcome, ip, requestId } = entry;
  return createHmac("sha256", key)
    .update(
      JSON.stringify([
        before,
        seq,
        at,
        actor,
        action,
        target ?? null,
        outcome,
        ip ?? null,
        requestId ?? null,
      ]),
    )
    .digest("hex");
}
