import { sql } from "kysely";
import type { Migration } from "../migrate.ts";

/** Who may see which port, and what lets a browser into a cave's surfaces. A surface is a name, or a port's number. */
export const surfaces: Migration = {
  name: "003-surfaces",
  async up(db) {
    for (const statement of [
      sql`
        create table shared_ports (
          cave_id text not null references caves (id) on delete cascade,
          port integer not null,
          visibility text not null check (visibility in ('link', 'public')),
          primary key (cave_id, port)
        ) strict, without rowid`,
      sql`
        create table port_links (
          id text primary key,
          cave_id text not null,
          port integer not null,
          hash blob not null unique,
          created_at integer not null,
          expires_at integer not null,
          foreign key (cave_id, port) references shared_ports (cave_id, port) on delete cascade
        ) strict, without rowid`,
      sql`create index port_links_port on port_links (cave_id, port)`,
      sql`
        create table surface_tickets (
          hash blob primary key,
          cave_id text not null references caves (id) on delete cascade,
          surface text not null,
          via text not null check (via in ('session', 'token')),
          credential text not null,
          path text not null,
          expires_at integer not null
        ) strict, without rowid`,
      sql`create index surface_tickets_cave on surface_tickets (cave_id)`,
    ]) {
      await statement.execute(db);
    }
  },
};
