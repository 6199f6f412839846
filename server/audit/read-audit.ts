import { requireScope } from "../auth/actor.ts";
import type { Call } from "../context.ts";
import type { AuditEntry } from "#contract/account.ts";

export async function readAudit(
  { store, audit, actor }: Call,
  filter: {
    before?: number | undefined;
    limit: number;
    actor?: string | undefined;
    action?: string | undefined;
  },
): Promise<{ entries: AuditEntry[] }> {
  requireScope(actor, "admin");
  await audit.flush();
  return { entries: await store.audit.list(filter) };
}
