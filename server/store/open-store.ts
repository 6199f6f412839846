import { Kysely, SqliteDialect } from "kysely";
import { migrate } from "./migrate.ts";
import type { Schema } from "./schema.ts";
import { SqliteDatabase } from "./sqlite.ts";
import { repositories, type Store } from "./store.ts";

export interface StoreOptions {
  /** File, or `:memory:`. */
  path: string;
}

/** Opens the database, brings it up to date, and owns it. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const database = new SqliteDatabase(options.path);
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  let closed: Promise<void> | undefined;
  return {
    ...repositories(db),
    transaction: (work) => db.transaction().execute((tx) => work(repositories(tx))),
    [Symbol.asyncDispose]: () => (closed ??= db.destroy()),
  };
}
