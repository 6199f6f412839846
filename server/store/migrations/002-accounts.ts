import { sql } from "kysely";
import type { Migration } from "../migrate.ts";

/** Users and what lets them in, their secrets, and the audit log. Only hashes of credentials are kept. Times are milliseconds since 1970. */
export const accounts: Migration = {
  name: "002-accounts",
  async up(db) {
    for (const statement of [
      sql`
        create table users (
          id text primary key,
          name text not null unique,
          role text not null check (role in ('admin', 'member')),
          disabled integer not null default 0,
          created_at integer not null
        ) strict, without rowid`,
      sql`
        create table tokens (
          id text primary key,
          user_id text not null references users (id) on delete cascade,
          name text not null,
          hash blob not null unique,
          scopes text not null,
          created_at integer not null,
          expires_at integer not null,
          last_used_at integer
        ) strict, without rowid`,
      sql`create index tokens_user on tokens (user_id)`,
      sql`
        create table sessions (
          id text primary key,
          user_id text not null references users (id) on delete cascade,
          hash blob not null unique,
          created_at integer not null,
          seen_at integer not null
        ) strict, without rowid`,
      sql`create index sessions_user on sessions (user_id)`,
      sql`
        create table sign_in_tickets (
          hash blob primary key,
          user_id text not null references users (id) on delete cascade,
          expires_at integer not null
        ) strict, without rowid`,
      sql`create index sign_in_tickets_user on sign_in_tickets (user_id)`,
      sql`
        create table data_keys (
          user_id text primary key references users (id) on delete cascade,
          key_id text not null,
          nonce blob not null,
          wrapped blob not null
        ) strict, without rowid`,
      sql`
        create table secrets (
          user_id text not null references data_keys (user_id) on delete cascade,
          name text not null,
          version integer not null,
          nonce blob not null,
          sealed blob not null,
          updated_at integer not null,
          primary key (user_id, name)
        ) strict, without rowid`,
      sql`
        create table audit (
          seq integer primary key,
          at integer not null,
          actor text not null,
          action text not null,
          target text,
          outcome text not null check (outcome in ('ok', 'denied', 'failed')),
          ip text,
          request_id text,
          hash text not null
        ) strict`,
    ]) {
      await statement.execute(db);
    }
  },
};
