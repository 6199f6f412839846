import { sql, type Kysely, type Selectable } from "kysely";
import type { CaveChanges, CaveRecord, Desired, RemovedCave } from "../caves/cave-record.ts";
import { AppError } from "../lib/app-error.ts";
import { listCaves, type CaveFilter, type CavePage } from "./list-caves.ts";
import type { Schema } from "./schema.ts";
import { isTaken } from "./sqlite.ts";
import type { CaveState, Limits, Network } from "#contract/cave.ts";

export interface CaveTable {
  id: string;
  name: string;
  owner_id: string;
  owner_name: string;
  backend: string;
  image: string;
  daemon: number | null;
  state: CaveState;
  state_reason: string | null;
  desired: Desired;
  limits: string;
  network: string;
  env: string;
  secrets: string;
  services: string;
  created_at: number;
  started_at: number | null;
  activity_at: number;
  activity_what: string;
  idle_timeout_ms: number | null;
  expires_at: number | null;
  keep_workspace: number;
}

export interface CaveTables {
  caves: CaveTable;
  removed_caves: {
    id: string;
    owner_id: string;
    name: string;
    backend: string;
    workspace_kept: number;
    removed_at: number;
  };
}

/** Caves by id or name, and what is remembered of removed ones. */
export function cavesIn(db: Kysely<Schema>) {
  return {
    async insert(record: CaveRecord): Promise<void> {
      await db
        .insertInto("caves")
        .values({ id: record.id, ...(columnsOf(record) as Omit<CaveTable, "id">) })
        .execute()
        .catch(nameTaken(record.name));
    },

    /** By id, or by name. */
    async find(ref: string): Promise<CaveRecord | undefined> {
      const row = await db
        .selectFrom("caves")
        .selectAll()
        .where((where) => where.or([where("id", "=", ref), where("name", "=", ref)]))
        .executeTakeFirst();
      return row && recordOf(row);
    },

    /** Undefined when the cave is gone. */
    async update(id: string, changes: CaveChanges): Promise<CaveRecord | undefined> {
      const row = await db
        .updateTable("caves")
        .set(columnsOf(changes))
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirst()
        .catch(nameTaken(changes.name ?? ""));
      return row && recordOf(row);
    },

    async remove(id: string): Promise<void> {
      await db.deleteFrom("caves").where("id", "=", id).execute();
    },

    /** Every cave, for reconciling; `state` narrows it. */
    async all(state?: CaveState): Promise<CaveRecord[]> {
      const rows = await db
        .selectFrom("caves")
        .selectAll()
        .$if(state !== undefined, (query) => query.where("state", "=", state as CaveState))
        .execute();
      return rows.map(recordOf);
    },

    /** Whose time is over: to be removed, or running and idle for long as far as the store knows. */
    async due(now: Date): Promise<CaveRecord[]> {
      const rows = await db
        .selectFrom("caves")
        .selectAll()
        .where((where) =>
          where.or([
            where.and([where("expires_at", "<=", now.getTime()), where("state", "!=", "removing")]),
            where.and([
              where("state", "=", "running"),
              sql<boolean>`activity_at + idle_timeout_ms <= ${now.getTime()}`,
            ]),
          ]),
        )
        .execute();
      return rows.map(recordOf);
    },

    async countOf(ownerId: string): Promise<number> {
      const row = await db
        .selectFrom("caves")
        .select((select) => select.fn.countAll<number>().as("count"))
        .where("owner_id", "=", ownerId)
        .executeTakeFirst();
      return row?.count ?? 0;
    },

    async countByState(): Promise<Record<string, number>> {
      const rows = await db
        .selectFrom("caves")
        .select((select) => ["state", select.fn.countAll<number>().as("count")] as const)
        .groupBy("state")
        .execute();
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },

    async list(filter: CaveFilter): Promise<CavePage> {
      const { rows, total, next } = await listCaves(db, filter);
      return { caves: rows.map(recordOf), total, ...(next !== undefined && { next }) };
    },

    /** Never turns a cave's clock back. */
    async touch(id: string, at: Date, what: string): Promise<void> {
      await db
        .updateTable("caves")
        .set({ activity_at: at.getTime(), activity_what: what })
        .where("id", "=", id)
        .where("activity_at", "<", at.getTime())
        .execute();
    },

    async findRemoved(id: string): Promise<RemovedCave | undefined> {
      const row = await db.selectFrom("removed_caves").selectAll().where("id", "=", id).executeTakeFirst();
      return row && removedOf(row);
    },

    /** The workspace that a new cave of this name gets back. */
    async findKept(ownerId: string, name: string, backend: string): Promise<RemovedCave | undefined> {
      const row = await db
        .selectFrom("removed_caves")
        .selectAll()
        .where("owner_id", "=", ownerId)
        .where("name", "=", name)
        .where("backend", "=", backend)
        .where("workspace_kept", "=", sql.lit(1))
        .orderBy("removed_at", "desc")
        .executeTakeFirst();
      return row && removedOf(row);
    },

    async keptOf(ownerId: string): Promise<RemovedCave[]> {
      const rows = await db
        .selectFrom("removed_caves")
        .selectAll()
        .where("owner_id", "=", ownerId)
        .where("workspace_kept", "=", sql.lit(1))
        .execute();
      return rows.map(removedOf);
    },

    async insertRemoved(removed: RemovedCave): Promise<void> {
      const values = {
        owner_id: removed.ownerId,
        name: removed.name,
        backend: removed.backend,
        workspace_kept: removed.workspaceKept ? 1 : 0,
        removed_at: removed.removedAt.getTime(),
      };
      await db
        .insertInto("removed_caves")
        .values({ id: removed.id, ...values })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(values))
        .execute();
    },

    async forgetRemoved(id: string): Promise<void> {
      await db.deleteFrom("removed_caves").where("id", "=", id).execute();
    },

    /** Forgets what was removed before, but not where a workspace is. */
    async pruneRemoved(before: Date): Promise<void> {
      await db
        .deleteFrom("removed_caves")
        .where("workspace_kept", "=", 0)
        .where("removed_at", "<", before.getTime())
        .execute();
    },
  };
}

function nameTaken(name: string) {
  return (error: unknown): never => {
    if (!isTaken(error, "caves.name")) throw error;
    throw new AppError("cave_name_taken", `There is a cave named ${name} already.`, { cause: error });
  };
}

function recordOf(row: Selectable<CaveTable>): CaveRecord {
  return {
    id: row.id,
    name: row.name,
    ownerId: row.owner_id,
    ownerName: row.owner_name,
    backend: row.backend,
    image: row.image,
    daemon: row.daemon ?? undefined,
    state: row.state,
    stateReason: row.state_reason ?? undefined,
    desired: row.desired,
    limits: JSON.parse(row.limits) as Limits,
    network: JSON.parse(row.network) as Network,
    env: JSON.parse(row.env) as Record<string, string>,
    secrets: JSON.parse(row.secrets) as string[],
    services: JSON.parse(row.services) as string[],
    createdAt: new Date(row.created_at),
    startedAt: row.started_at === null ? undefined : new Date(row.started_at),
    activityAt: new Date(row.activity_at),
    activityWhat: row.activity_what,
    idleTimeoutMs: row.idle_timeout_ms ?? undefined,
    expiresAt: row.expires_at === null ? undefined : new Date(row.expires_at),
    keepWorkspace: row.keep_workspace === 1,
  };
}

function removedOf(row: CaveTables["removed_caves"]): RemovedCave {
  return {
    id: row.id,
    ownerId: row.owner_id,
    name: row.name,
    backend: row.backend,
    workspaceKept: row.workspace_kept === 1,
    removedAt: new Date(row.removed_at),
  };
}

/** How every property of a record becomes a column. A property that is there but undefined clears its column. */
const columns: {
  [P in keyof Required<CaveChanges>]: (value: CaveRecord[P]) => Partial<CaveTable>;
} = {
  name: (name) => ({ name }),
  ownerId: (owner_id) => ({ owner_id }),
  ownerName: (owner_name) => ({ owner_name }),
  backend: (backend) => ({ backend }),
  image: (image) => ({ image }),
  daemon: (daemon) => ({ daemon: daemon ?? null }),
  state: (state) => ({ state }),
  stateReason: (reason) => ({ state_reason: reason ?? null }),
  desired: (desired) => ({ desired }),
  limits: (limits) => ({ limits: JSON.stringify(limits) }),
  network: (network) => ({ network: JSON.stringify(network) }),
  env: (env) => ({ env: JSON.stringify(env) }),
  secrets: (secrets) => ({ secrets: JSON.stringify(secrets) }),
  services: (services) => ({ services: JSON.stringify(services) }),
  createdAt: (at) => ({ created_at: at.getTime() }),
  startedAt: (at) => ({ started_at: at?.getTime() ?? null }),
  activityAt: (at) => ({ activity_at: at.getTime() }),
  activityWhat: (activity_what) => ({ activity_what }),
  idleTimeoutMs: (ms) => ({ idle_timeout_ms: ms ?? null }),
  expiresAt: (at) => ({ expires_at: at?.getTime() ?? null }),
  keepWorkspace: (keep) => ({ keep_workspace: keep ? 1 : 0 }),
};

function columnsOf(changes: CaveChanges): Partial<CaveTable> {
  const set: Partial<CaveTable> = {};
  for (const property of Object.keys(columns) as (keyof CaveChanges)[]) {
    if (property in changes)
      Object.assign(set, (columns[property] as (value: unknown) => object)(changes[property]));
  }
  return set;
}
