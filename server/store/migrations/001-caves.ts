import { sql } from "kysely";
import type { Migration } from "../migrate.ts";

/** Caves, requests to make them, and facts about the installation. Times are milliseconds since 1970. */
export const caves: Migration = {
  name: "001-caves",
  async up(db) {
    await sql`
      create table settings (key text primary key, value text not null) strict, without rowid`.execute(db);
    await sql`
      create table caves (
        id text primary key,
        name text not null unique,
        owner_id text not null,
        owner_name text not null,
        backend text not null,
        image text not null,
        daemon integer,
        state text not null check (state in ('creating', 'running', 'paused', 'stopped', 'failed', 'removing')),
        state_reason text,
        desired text not null check (desired in ('running', 'paused', 'stopped')),
        limits text not null,
        network text not null,
        env text not null,
        secrets text not null,
        services text not null,
        created_at integer not null,
        started_at integer,
        activity_at integer not null,
        activity_what text not null,
        idle_timeout_ms integer,
        expires_at integer,
        keep_workspace integer not null default 0
      ) strict`.execute(db);
    await sql`create index caves_owner on caves (owner_id)`.execute(db);
    await sql`create index caves_created on caves (created_at, id)`.execute(db);
    await sql`create index caves_activity on caves (activity_at, id)`.execute(db);
    await sql`
      create table removed_caves (
        id text primary key,
        owner_id text not null,
        name text not null,
        backend text not null,
        workspace_kept integer not null,
        removed_at integer not null
      ) strict`.execute(db);
    await sql`create index removed_caves_kept on removed_caves (owner_id, name) where workspace_kept = 1`.execute(
      db,
    );
    await sql`
      create table idempotency (
        owner_id text not null,
        key text not null,
        request_hash text not null,
        cave_id text not null,
        answer text,
        created_at integer not null,
        primary key (owner_id, key)
      ) strict, without rowid`.execute(db);
  },
};
