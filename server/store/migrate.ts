import { sql, type Kysely } from "kysely";
import { AppError } from "../lib/app-error.ts";
import { caves } from "./migrations/001-caves.ts";
import { accounts } from "./migrations/002-accounts.ts";
import { surfaces } from "./migrations/003-surfaces.ts";
import { runs } from "./migrations/004-runs.ts";
import type { Schema } from "./schema.ts";

export interface Migration {
  readonly name: string;
  /** Only what SQL says: it is never changed after a release. */
  up(db: Kysely<Schema>): Promise<void>;
}

/** In order, for ever: a migration's place in this list is its number. */
const migrations: readonly Migration[] = [caves, accounts, surfaces, runs];

/** Each step is one transaction together with the number that says it was done. */
export async function migrate(db: Kysely<Schema>, steps: readonly Migration[] = migrations): Promise<void> {
  const done = await versionOf(db);
  if (done > steps.length) {
    throw new AppError(
      "store_unavailable",
      `The database was written by a newer Ghost (schema ${done}, this one knows ${steps.length}). Start that version, or restore a backup.`,
    );
  }
  for (const [index, step] of steps.entries()) {
    if (index < done) continue;
    await db.transaction().execute(async (tx) => {
      await step.up(tx);
      await sql.raw(`pragma user_version = ${index + 1}`).execute(tx);
    });
  }
}

async function versionOf(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ user_version: number }>`pragma user_version`.execute(db);
  return rows[0]?.user_version ?? 0;
}
