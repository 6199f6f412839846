import type { Kysely, Selectable } from "kysely";
import { userOf } from "./accounts.ts";
import type { Schema } from "./schema.ts";
import type { Token, User } from "#contract/account.ts";
import type { Scope } from "#contract/scopes.ts";

export interface TokenTables {
  tokens: {
    id: string;
    user_id: string;
    name: string;
    hash: Uint8Array;
    scopes: string;
    created_at: number;
    expires_at: number;
    last_used_at: number | null;
  };
}

/** Tokens, known by the hash of their secret. */
export function tokensIn(db: Kysely<Schema>) {
  return {
    async insert(userId: string, token: Token, hash: Uint8Array): Promise<void> {
      await db
        .insertInto("tokens")
        .values({
          id: token.id,
          user_id: userId,
          name: token.name,
          hash,
          scopes: JSON.stringify(token.scopes),
          created_at: Date.parse(token.createdAt),
          expires_at: Date.parse(token.expiresAt),
        })
        .execute();
    },

    /** With its user as they are now. */
    async find(by: { hash: Uint8Array } | { id: string }): Promise<{ token: Token; user: User } | undefined> {
      const query = db
        .selectFrom("tokens")
        .innerJoin("users", "users.id", "tokens.user_id")
        .selectAll("users")
        .select([
          "tokens.id as token_id",
          "tokens.name as token_name",
          "tokens.scopes as token_scopes",
          "tokens.created_at as token_created_at",
          "tokens.expires_at as token_expires_at",
          "tokens.last_used_at as token_last_used_at",
        ]);
      const row = await (
        "id" in by ? query.where("tokens.id", "=", by.id) : query.where("tokens.hash", "=", by.hash)
      ).executeTakeFirst();
      if (row === undefined) return undefined;
      const token = tokenOf({
        id: row.token_id,
        name: row.token_name,
        scopes: row.token_scopes,
        created_at: row.token_created_at,
        expires_at: row.token_expires_at,
        last_used_at: row.token_last_used_at,
      });
      return { token, user: userOf(row) };
    },

    async list(userId: string): Promise<Token[]> {
      const rows = await db
        .selectFrom("tokens")
        .selectAll()
        .where("user_id", "=", userId)
        .orderBy("created_at", "desc")
        .orderBy("id")
        .execute();
      return rows.map(tokenOf);
    },

    async count(userId: string): Promise<number> {
      const { count } = await db
        .selectFrom("tokens")
        .select((select) => select.fn.countAll<number>().as("count"))
        .where("user_id", "=", userId)
        .executeTakeFirstOrThrow();
      return count;
    },

    /** Whether it was there, and theirs. */
    async remove(userId: string, id: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom("tokens")
        .where("id", "=", id)
        .where("user_id", "=", userId)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },

    async used(id: string, at: Date): Promise<void> {
      await db.updateTable("tokens").set({ last_used_at: at.getTime() }).where("id", "=", id).execute();
    },

    async prune(now: Date): Promise<void> {
      await db.deleteFrom("tokens").where("expires_at", "<=", now.getTime()).execute();
    },
  };
}

function tokenOf(row: Omit<Selectable<TokenTables["tokens"]>, "user_id" | "hash">): Token {
  return {
    id: row.id,
    name: row.name,
    scopes: JSON.parse(row.scopes) as Scope[],
    createdAt: new Date(row.created_at).toISOString(),
    expiresAt: new Date(row.expires_at).toISOString(),
    ...(row.last_used_at !== null && { lastUsedAt: new Date(row.last_used_at).toISOString() }),
  };
}
