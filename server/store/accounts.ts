import type { Kysely, Selectable } from "kysely";
import { AppError } from "../lib/app-error.ts";
import type { Schema } from "./schema.ts";
import { isTaken } from "./sqlite.ts";
import type { PatchUser, User } from "#contract/account.ts";

export interface AccountTables {
  users: { id: string; name: string; role: User["role"]; disabled: number; created_at: number };
  sign_in_tickets: { hash: Uint8Array; user_id: string; expires_at: number };
}

/** Users, and the tickets that sign them in. */
export function accountsIn(db: Kysely<Schema>) {
  return {
    async insert(user: User): Promise<void> {
      const { createdAt, disabled, ...rest } = user;
      await db
        .insertInto("users")
        .values({ ...rest, disabled: Number(disabled), created_at: Date.parse(createdAt) })
        .execute()
        .catch((error: unknown) => {
          throw isTaken(error, "users.name")
            ? new AppError("user_name_taken", `There is a user ${user.name} already.`, { cause: error })
            : error;
        });
    },

    async find(name: string): Promise<User | undefined> {
      const row = await db.selectFrom("users").selectAll().where("name", "=", name).executeTakeFirst();
      return row && userOf(row);
    },

    async list(): Promise<User[]> {
      return (await db.selectFrom("users").selectAll().orderBy("name").execute()).map(userOf);
    },

    async update(id: string, { role, disabled }: PatchUser): Promise<User | undefined> {
      const row = await db
        .updateTable("users")
        .set((set) => ({
          id: set.ref("id"),
          ...(role && { role }),
          ...(disabled !== undefined && { disabled: Number(disabled) }),
        }))
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirst();
      return row && userOf(row);
    },

    /** With tokens, sessions, tickets and secrets. */
    async remove(id: string): Promise<void> {
      await db.deleteFrom("users").where("id", "=", id).execute();
    },

    async insertTicket(ticket: { hash: Uint8Array; userId: string; expiresAt: Date }): Promise<void> {
      await db
        .insertInto("sign_in_tickets")
        .values({ hash: ticket.hash, user_id: ticket.userId, expires_at: ticket.expiresAt.getTime() })
        .execute();
    },

    /** The ticket's user, once. */
    async takeTicket(hash: Uint8Array, now: Date): Promise<User | undefined> {
      const taken = await db
        .deleteFrom("sign_in_tickets")
        .where("hash", "=", hash)
        .returningAll()
        .executeTakeFirst();
      if (taken === undefined || taken.expires_at <= now.getTime()) return undefined;
      const row = await db.selectFrom("users").selectAll().where("id", "=", taken.user_id).executeTakeFirst();
      return row && userOf(row);
    },

    async pruneTickets(now: Date): Promise<void> {
      await db.deleteFrom("sign_in_tickets").where("expires_at", "<=", now.getTime()).execute();
    },
  };
}

export function userOf(row: Selectable<AccountTables["users"]>): User {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    disabled: row.disabled !== 0,
    createdAt: new Date(row.created_at).toISOString(),
  };
}
