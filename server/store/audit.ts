import type { Kysely, Selectable } from "kysely";
import type { Schema } from "./schema.ts";
import type { AuditEntry } from "#contract/account.ts";

export interface AuditTables {
  audit: {
    seq: number;
    at: number;
    actor: string;
    action: string;
    target: string | null;
    outcome: AuditEntry["outcome"];
    ip: string | null;
    request_id: string | null;
    hash: string;
  };
}

/** The audit log. Entries are added; nothing changes or removes one. */
export function auditIn(db: Kysely<Schema>) {
  return {
    async last(): Promise<Pick<AuditEntry, "seq" | "hash"> | undefined> {
      return db
        .selectFrom("audit")
        .select(["seq", "hash"])
        .orderBy("seq", "desc")
        .limit(1)
        .executeTakeFirst();
    },

    async append(entry: AuditEntry): Promise<void> {
      await db
        .insertInto("audit")
        .values({
          seq: entry.seq,
          at: Date.parse(entry.at),
          actor: entry.actor,
          action: entry.action,
          target: entry.target ?? null,
          outcome: entry.outcome,
          ip: entry.ip ?? null,
          request_id: entry.requestId ?? null,
          hash: entry.hash,
        })
        .execute();
    },

    /** Newest first. */
    async list(filter: {
      before?: number | undefined;
      limit: number;
      actor?: string | undefined;
      action?: string | undefined;
    }): Promise<AuditEntry[]> {
      let query = db.selectFrom("audit").selectAll().orderBy("seq", "desc").limit(filter.limit);
      if (filter.before !== undefined) query = query.where("seq", "<", filter.before);
      if (filter.actor !== undefined) query = query.where("actor", "=", filter.actor);
      if (filter.action !== undefined) query = query.where("action", "=", filter.action);
      return (await query.execute()).map(entryOf);
    },

    /** In order, in pieces. */
    async after(seq: number, limit: number): Promise<AuditEntry[]> {
      const rows = await db
        .selectFrom("audit")
        .selectAll()
        .where("seq", ">", seq)
        .orderBy("seq")
        .limit(limit)
        .execute();
      return rows.map(entryOf);
    },
  };
}

function entryOf(row: Selectable<AuditTables["audit"]>): AuditEntry {
  return {
    seq: row.seq,
    at: new Date(row.at).toISOString(),
    actor: row.actor,
    action: row.action,
    outcome: row.outcome,
    ...(row.target !== null && { target: row.target }),
    ...(row.ip !== null && { ip: row.ip }),
    ...(row.request_id !== null && { requestId: row.request_id }),
    hash: row.hash,
  };
}
