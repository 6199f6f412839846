import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

export interface IdempotencyTables {
  idempotency: {
    owner_id: string;
    key: string;
    request_hash: string;
    cave_id: string;
    answer: string | null;
    created_at: number;
  };
}

export interface IdempotentRequest {
  ownerId: string;
  key: string;
  /** Of what was asked: the same key for something else is a conflict. */
  requestHash: string;
  caveId: string;
  createdAt: Date;
  /** Undefined while the request runs. */
  answer?: unknown;
}

/** Requests to create a cave that may be sent again, and what they were answered. */
export function idempotencyIn(db: Kysely<Schema>) {
  return {
    async find(ownerId: string, key: string): Promise<IdempotentRequest | undefined> {
      const row = await db
        .selectFrom("idempotency")
        .selectAll()
        .where("owner_id", "=", ownerId)
        .where("key", "=", key)
        .executeTakeFirst();
      return (
        row && {
          ownerId,
          key,
          requestHash: row.request_hash,
          caveId: row.cave_id,
          createdAt: new Date(row.created_at),
          ...(row.answer !== null && { answer: JSON.parse(row.answer) as unknown }),
        }
      );
    },
    async insert(request: IdempotentRequest): Promise<void> {
      await db
        .insertInto("idempotency")
        .values({
          owner_id: request.ownerId,
          key: request.key,
          request_hash: request.requestHash,
          cave_id: request.caveId,
          answer: null,
          created_at: request.createdAt.getTime(),
        })
        .execute();
    },
    async answer(ownerId: string, key: string, answer: unknown): Promise<void> {
      await db
        .updateTable("idempotency")
        .set({ answer: JSON.stringify(answer) })
        .where("owner_id", "=", ownerId)
        .where("key", "=", key)
        .execute();
    },
    /** The cave could not be made: the same request may be tried again. */
    async removeUnanswered(caveId: string): Promise<void> {
      await db.deleteFrom("idempotency").where("cave_id", "=", caveId).where("answer", "is", null).execute();
    },
    async prune(before: Date): Promise<void> {
      await db.deleteFrom("idempotency").where("created_at", "<", before.getTime()).execute();
    },
  };
}
