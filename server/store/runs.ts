import type { Kysely } from "kysely";
import type { RunRecord } from "../executor/run-record.ts";
import type { Schema } from "./schema.ts";
import type { RunInput, RunStatus } from "#contract/run.ts";

export interface RunTables {
  runs: {
    id: string;
    owner_id: string;
    language: string;
    status: RunStatus;
    created_at: number;
    record: string;
    input: string | null;
    output: Uint8Array;
  };
  run_keys: { owner_id: string; key: string; request_hash: string; run_id: string; created_at: number };
}

export interface StoredRun {
  record: RunRecord;
  /** Undefined when it was too large to keep. */
  input: RunInput | undefined;
  output: Buffer;
}

export interface RunFilter {
  ownerId: string;
  language?: string | undefined;
  status?: RunStatus | undefined;
  /** The last of the page before. */
  cursor?: string | undefined;
  limit: number;
}

export interface RunKey {
  ownerId: string;
  key: string;
  requestHash: string;
  runId: string;
  createdAt: Date;
}

/** What has been run, and what it wrote. */
export function runsIn(db: Kysely<Schema>) {
  return {
    async put({ record, input, output }: StoredRun): Promise<void> {
      const columns = {
        owner_id: record.ownerId,
        language: record.language,
        status: record.status,
        created_at: record.createdAt.getTime(),
        record: JSON.stringify(record),
        input: input === undefined ? null : JSON.stringify(input),
        output,
      };
      await db
        .insertInto("runs")
        .values({ id: record.id, ...columns })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(columns))
        .execute();
    },

    async find(ownerId: string, id: string): Promise<StoredRun | undefined> {
      const row = await db
        .selectFrom("runs")
        .select(["record", "input", "output"])
        .where("id", "=", id)
        .where("owner_id", "=", ownerId)
        .executeTakeFirst();
      return (
        row && {
          record: recordOf(row.record),
          input: row.input === null ? undefined : (JSON.parse(row.input) as RunInput),
          output: Buffer.from(row.output),
        }
      );
    },

    async list({ ownerId, language, status, cursor, limit }: RunFilter): Promise<RunRecord[]> {
      const after =
        cursor === undefined
          ? undefined
          : await db
              .selectFrom("runs")
              .select("created_at")
              .where("id", "=", cursor)
              .where("owner_id", "=", ownerId)
              .executeTakeFirst();
      if (cursor !== undefined && after === undefined) return [];
      let query = db.selectFrom("runs").select("record").where("owner_id", "=", ownerId);
      if (language !== undefined) query = query.where("language", "=", language);
      if (status !== undefined) query = query.where("status", "=", status);
      if (cursor !== undefined && after !== undefined) {
        query = query.where((where) =>
          where.or([
            where("created_at", "<", after.created_at),
            where.and([where("created_at", "=", after.created_at), where("id", ">", cursor)]),
          ]),
        );
      }
      const rows = await query.orderBy("created_at", "desc").orderBy("id").limit(limit).execute();
      return rows.map(({ record }) => recordOf(record));
    },

    async remove(ownerId: string, id: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom("runs")
        .where("id", "=", id)
        .where("owner_id", "=", ownerId)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },

    /** Forgets what is old, and all but the newest of each user. */
    async prune(before: Date, perUser: number): Promise<void> {
      await db.deleteFrom("runs").where("created_at", "<", before.getTime()).execute();
      await db.deleteFrom("run_keys").where("created_at", "<", before.getTime()).execute();
      const owners = await db
        .selectFrom("runs")
        .select((select) => ["owner_id" as const, select.fn.countAll<number>().as("count")])
        .groupBy("owner_id")
        .execute();
      for (const { owner_id, count } of owners) {
        if (count <= perUser) continue;
        const kept = await db
          .selectFrom("runs")
          .select("created_at")
          .where("owner_id", "=", owner_id)
          .orderBy("created_at", "desc")
          .offset(perUser)
          .limit(1)
          .executeTakeFirst();
        if (kept === undefined) continue;
        await db
          .deleteFrom("runs")
          .where("owner_id", "=", owner_id)
          .where("created_at", "<=", kept.created_at)
          .execute();
      }
    },

    /** Runs that a gateway which died has not finished. */
    async unfinished(): Promise<StoredRun[]> {
      const rows = await db
        .selectFrom("runs")
        .select(["record", "input", "output"])
        .where("status", "in", ["queued", "running"])
        .execute();
      return rows.map((row) => ({
        record: recordOf(row.record),
        input: row.input === null ? undefined : (JSON.parse(row.input) as RunInput),
        output: Buffer.from(row.output),
      }));
    },

    async findKey(ownerId: string, key: string): Promise<RunKey | undefined> {
      const row = await db
        .selectFrom("run_keys")
        .selectAll()
        .where("owner_id", "=", ownerId)
        .where("key", "=", key)
        .executeTakeFirst();
      return (
        row && {
          ownerId,
          key,
          requestHash: row.request_hash,
          runId: row.run_id,
          createdAt: new Date(row.created_at),
        }
      );
    },

    async insertKey({ ownerId, key, requestHash, runId, createdAt }: RunKey): Promise<void> {
      await db
        .insertInto("run_keys")
        .values({
          owner_id: ownerId,
          key,
          request_hash: requestHash,
          run_id: runId,
          created_at: createdAt.getTime(),
        })
        .execute();
    },

    async removeKey(ownerId: string, runId: string): Promise<void> {
      await db.deleteFrom("run_keys").where("owner_id", "=", ownerId).where("run_id", "=", runId).execute();
    },
  };
}

function recordOf(text: string): RunRecord {
  const record = JSON.parse(text) as Omit<RunRecord, "createdAt" | "completedAt"> & {
    createdAt: string;
    completedAt?: string;
  };
  const { createdAt, completedAt, ...rest } = record;
  return {
    ...rest,
    createdAt: new Date(createdAt),
    ...(completedAt !== undefined && { completedAt: new Date(completedAt) }),
  };
}
