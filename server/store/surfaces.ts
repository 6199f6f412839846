import type { Kysely, Selectable } from "kysely";
import type { Schema } from "./schema.ts";
import type { PortLink, PortVisibility } from "#contract/surfaces.ts";

export interface SurfaceTables {
  /** A port without a row is private. */
  shared_ports: { cave_id: string; port: number; visibility: Exclude<PortVisibility, "private"> };
  port_links: {
    id: string;
    cave_id: string;
    port: number;
    hash: Uint8Array;
    created_at: number;
    expires_at: number;
  };
  surface_tickets: {
    hash: Uint8Array;
    cave_id: string;
    surface: string;
    via: "session" | "token";
    credential: string;
    path: string;
    expires_at: number;
  };
}

/** What one browser may do once with a ticket. */
export interface TicketRecord {
  readonly caveId: string;
  /** A name, or a port's number as text. */
  readonly surface: string;
  readonly via: "session" | "token";
  readonly credential: string;
  readonly path: string;
  readonly expiresAt: Date;
}

export interface LinkRecord extends PortLink {
  readonly caveId: string;
}

/** Shared ports, links to them, and tickets; all of them go with their cave. */
export function surfacesIn(db: Kysely<Schema>) {
  return {
    async visibility(caveId: string, port: number): Promise<PortVisibility> {
      const row = await db
        .selectFrom("shared_ports")
        .select("visibility")
        .where("cave_id", "=", caveId)
        .where("port", "=", port)
        .executeTakeFirst();
      return row?.visibility ?? "private";
    },

    async shared(caveId: string): Promise<{ port: number; visibility: PortVisibility }[]> {
      return db
        .selectFrom("shared_ports")
        .select(["port", "visibility"])
        .where("cave_id", "=", caveId)
        .orderBy("port")
        .execute();
    },

    /** Links go when the port becomes private. */
    async share(caveId: string, port: number, visibility: PortVisibility): Promise<void> {
      if (visibility === "private") {
        await db.deleteFrom("shared_ports").where("cave_id", "=", caveId).where("port", "=", port).execute();
        return;
      }
      await db
        .insertInto("shared_ports")
        .values({ cave_id: caveId, port, visibility })
        .onConflict((conflict) => conflict.columns(["cave_id", "port"]).doUpdateSet({ visibility }))
        .execute();
    },

    async insertLink(link: LinkRecord, hash: Uint8Array): Promise<void> {
      await db
        .insertInto("port_links")
        .values({
          id: link.id,
          cave_id: link.caveId,
          port: link.port,
          hash,
          created_at: Date.parse(link.createdAt),
          expires_at: Date.parse(link.expiresAt),
        })
        .execute();
    },

    async findLink(by: { id: string } | { hash: Uint8Array }): Promise<LinkRecord | undefined> {
      const query = db.selectFrom("port_links").selectAll();
      const row = await (
        "id" in by ? query.where("id", "=", by.id) : query.where("hash", "=", by.hash)
      ).executeTakeFirst();
      return row && linkOf(row);
    },

    async links(caveId: string, port: number): Promise<LinkRecord[]> {
      const rows = await db
        .selectFrom("port_links")
        .selectAll()
        .where("cave_id", "=", caveId)
        .where("port", "=", port)
        .orderBy("created_at", "desc")
        .orderBy("id")
        .execute();
      return rows.map(linkOf);
    },

    /** Whether it was there. */
    async removeLink(caveId: string, port: number, id: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom("port_links")
        .where("id", "=", id)
        .where("cave_id", "=", caveId)
        .where("port", "=", port)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },

    async insertTicket(ticket: TicketRecord, hash: Uint8Array): Promise<void> {
      const { caveId, expiresAt, ...rest } = ticket;
      await db
        .insertInto("surface_tickets")
        .values({ ...rest, hash, cave_id: caveId, expires_at: expiresAt.getTime() })
        .execute();
    },

    /** Once, whatever becomes of it. */
    async takeTicket(hash: Uint8Array): Promise<TicketRecord | undefined> {
      const row = await db
        .deleteFrom("surface_tickets")
        .where("hash", "=", hash)
        .returningAll()
        .executeTakeFirst();
      return (
        row && {
          caveId: row.cave_id,
          surface: row.surface,
          via: row.via,
          credential: row.credential,
          path: row.path,
          expiresAt: new Date(row.expires_at),
        }
      );
    },

    async prune(now: Date): Promise<void> {
      await db.deleteFrom("surface_tickets").where("expires_at", "<=", now.getTime()).execute();
      await db.deleteFrom("port_links").where("expires_at", "<=", now.getTime()).execute();
    },
  };
}

function linkOf(row: Selectable<SurfaceTables["port_links"]>): LinkRecord {
  return {
    id: row.id,
    caveId: row.cave_id,
    port: row.port,
    createdAt: new Date(row.created_at).toISOString(),
    expiresAt: new Date(row.expires_at).toISOString(),
  };
}
