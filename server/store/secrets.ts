import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

export interface SecretTables {
  data_keys: { user_id: string; key_id: string; nonce: Uint8Array; wrapped: Uint8Array };
  secrets: {
    user_id: string;
    name: string;
    version: number;
    nonce: Uint8Array;
    sealed: Uint8Array;
    updated_at: number;
  };
}

/** A user's data key, sealed with the wrapping key that `keyId` names. */
export interface WrappedKey {
  readonly userId: string;
  readonly keyId: string;
  readonly nonce: Uint8Array;
  readonly wrapped: Uint8Array;
}

export interface SealedSecret {
  readonly name: string;
  readonly version: number;
  readonly nonce: Uint8Array;
  /** Ciphertext and tag. */
  readonly sealed: Uint8Array;
  readonly updatedAt: Date;
}

/** Secrets as they are kept: nothing here can read one. */
export function secretsIn(db: Kysely<Schema>) {
  return {
    async dataKey(userId: string): Promise<WrappedKey | undefined> {
      const row = await db
        .selectFrom("data_keys")
        .selectAll()
        .where("user_id", "=", userId)
        .executeTakeFirst();
      return row && { userId, keyId: row.key_id, nonce: row.nonce, wrapped: row.wrapped };
    },

    async dataKeys(): Promise<WrappedKey[]> {
      const rows = await db.selectFrom("data_keys").selectAll().orderBy("user_id").execute();
      return rows.map((row) => ({
        userId: row.user_id,
        keyId: row.key_id,
        nonce: row.nonce,
        wrapped: row.wrapped,
      }));
    },

    async putDataKey({ userId, keyId, nonce, wrapped }: WrappedKey): Promise<void> {
      await db
        .insertInto("data_keys")
        .values({ user_id: userId, key_id: keyId, nonce, wrapped })
        .onConflict((conflict) => conflict.column("user_id").doUpdateSet({ key_id: keyId, nonce, wrapped }))
        .execute();
    },

    async find(userId: string, names: readonly string[]): Promise<SealedSecret[]> {
      if (names.length === 0) return [];
      const rows = await db
        .selectFrom("secrets")
        .selectAll()
        .where("user_id", "=", userId)
        .where("name", "in", names)
        .execute();
      return rows.map(({ name, version, nonce, sealed, updated_at }) => ({
        name,
        version,
        nonce,
        sealed,
        updatedAt: new Date(updated_at),
      }));
    },

    async list(userId: string): Promise<Pick<SealedSecret, "name" | "version" | "updatedAt">[]> {
      const rows = await db
        .selectFrom("secrets")
        .select(["name", "version", "updated_at"])
        .where("user_id", "=", userId)
        .orderBy("name")
        .execute();
      return rows.map(({ name, version, updated_at }) => ({
        name,
        version,
        updatedAt: new Date(updated_at),
      }));
    },

    async put(userId: string, { name, version, nonce, sealed, updatedAt }: SealedSecret): Promise<void> {
      const columns = { version, nonce, sealed, updated_at: updatedAt.getTime() };
      await db
        .insertInto("secrets")
        .values({ user_id: userId, name, ...columns })
        .onConflict((conflict) => conflict.columns(["user_id", "name"]).doUpdateSet(columns))
        .execute();
    },

    async remove(userId: string, name: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom("secrets")
        .where("user_id", "=", userId)
        .where("name", "=", name)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}
