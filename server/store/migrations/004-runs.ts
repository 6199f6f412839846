import { sql } from "kysely";
import type { Migration } from "../migrate.ts";

/** The history of runs, and the keys of requests that may be sent again. Times are milliseconds since 1970. */
export const runs: Migration = {
  name: "004-runs",
  async up(db) {
    for (const statement of [
      sql`
        create table runs (
          id text primary key,
          owner_id text not null,
          language text not null,
          status text not null,
          created_at integer not null,
          record text not null,
          input text,
          output blob not null
        ) strict`,
      sql`create index runs_owner on runs (owner_id, created_at desc, id)`,
      sql`create index runs_created on runs (created_at)`,
      sql`
        create table run_keys (
          owner_id text not null,
          key text not null,
          request_hash text not null,
          run_id text not null,
          created_at integer not null,
          primary key (owner_id, key)
        ) strict, without rowid`,
    ]) {
      await statement.execute(db);
    }
  },
};
