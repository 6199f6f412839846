import type { Kysely } from "kysely";
import { userOf } from "./accounts.ts";
import type { Schema } from "./schema.ts";
import type { User } from "#contract/account.ts";

export interface SessionTables {
  sessions: { id: string; user_id: string; hash: Uint8Array; created_at: number; seen_at: number };
}

export interface SessionRecord {
  readonly id: string;
  readonly createdAt: Date;
  readonly seenAt: Date;
}

/** Browsers that are signed in, known by the hash of their cookie. */
export function sessionsIn(db: Kysely<Schema>) {
  return {
    async insert(session: { id: string; userId: string; hash: Uint8Array; at: Date }): Promise<void> {
      const at = session.at.getTime();
      await db
        .insertInto("sessions")
        .values({ id: session.id, user_id: session.userId, hash: session.hash, created_at: at, seen_at: at })
        .execute();
    },

    /** With its user as they are now. */
    async find(
      by: { hash: Uint8Array } | { id: string },
    ): Promise<{ session: SessionRecord; user: User } | undefined> {
      const query = db
        .selectFrom("sessions")
        .innerJoin("users", "users.id", "sessions.user_id")
        .selectAll("users")
        .select([
          "sessions.id as session_id",
          "sessions.created_at as session_created_at",
          "sessions.seen_at",
        ]);
      const row = await (
        "id" in by ? query.where("sessions.id", "=", by.id) : query.where("sessions.hash", "=", by.hash)
      ).executeTakeFirst();
      return (
        row && {
          session: {
            id: row.session_id,
            createdAt: new Date(row.session_created_at),
            seenAt: new Date(row.seen_at),
          },
          user: userOf(row),
        }
      );
    },

    async seen(id: string, at: Date): Promise<void> {
      await db.updateTable("sessions").set({ seen_at: at.getTime() }).where("id", "=", id).execute();
    },

    async remove(id: string): Promise<void> {
      await db.deleteFrom("sessions").where("id", "=", id).execute();
    },

    async prune(seenBefore: Date, createdBefore: Date): Promise<void> {
      await db
        .deleteFrom("sessions")
        .where((where) =>
          where.or([
            where("seen_at", "<", seenBefore.getTime()),
            where("created_at", "<", createdBefore.getTime()),
          ]),
        )
        .execute();
    },
  };
}
