import { sql, type Kysely, type SelectQueryBuilder, type Selectable } from "kysely";
import type { CaveRecord } from "../caves/cave-record.ts";
import { AppError } from "../lib/app-error.ts";
import type { CaveTable } from "./caves.ts";
import type { Schema } from "./schema.ts";
import type { CaveState } from "#contract/cave.ts";

export interface CaveFilter {
  ownerId?: string | undefined;
  ownerName?: string | undefined;
  state?: CaveState | undefined;
  backend?: string | undefined;
  /** Part of a name, id or image. */
  q?: string | undefined;
  sort: "name" | "-name" | "createdAt" | "-createdAt" | "lastActivity" | "-lastActivity";
  /** Where the page before ended. */
  cursor?: string | undefined;
  limit: number;
}

export interface CavePage {
  caves: CaveRecord[];
  /** Of all pages. */
  total: number;
  next?: string;
}

const columns = { name: "name", createdAt: "created_at", lastActivity: "activity_at" } as const;

/** A page and the number of all. The id breaks ties, so that no cave is seen twice or skipped where two were made at once. */
export async function listCaves(
  db: Kysely<Schema>,
  filter: CaveFilter,
): Promise<{ rows: Selectable<CaveTable>[]; total: number; next?: string }> {
  const descending = filter.sort.startsWith("-");
  const column = columns[filter.sort.replace("-", "") as keyof typeof columns];
  const direction = descending ? "desc" : "asc";
  const matching = matches(db.selectFrom("caves"), filter);

  let page = matching
    .selectAll()
    .orderBy(column, direction)
    .orderBy("id", direction)
    .limit(filter.limit + 1);
  if (filter.cursor !== undefined) {
    const [value, id] = parseCursor(filter.cursor, column);
    page = page.where(
      sql<boolean>`(${sql.ref(column)}, id) ${sql.raw(descending ? "<" : ">")} (${value}, ${id})`,
    );
  }
  const rows = await page.execute();
  const counted = await matching
    .select((select) => select.fn.countAll<number>().as("count"))
    .executeTakeFirst();
  const total = counted?.count ?? 0;
  if (rows.length <= filter.limit) return { rows, total };
  const shown = rows.slice(0, filter.limit);
  const last = shown.at(-1);
  return { rows: shown, total, ...(last && { next: cursorOf(last[column], last.id) }) };
}

function matches<O>(query: SelectQueryBuilder<Schema, "caves", O>, filter: CaveFilter) {
  const { ownerId, ownerName, state, backend, q } = filter;
  if (ownerId !== undefined) query = query.where("owner_id", "=", ownerId);
  if (ownerName !== undefined) query = query.where("owner_name", "=", ownerName);
  if (state !== undefined) query = query.where("state", "=", state);
  if (backend !== undefined) query = query.where("backend", "=", backend);
  if (q !== undefined) {
    const part = q.toLowerCase();
    query = query.where((where) =>
      where.or(
        (["name", "id", "image"] as const).map(
          (column) => sql<boolean>`instr(lower(${sql.ref(column)}), ${part}) > 0`,
        ),
      ),
    );
  }
  return query;
}

function cursorOf(value: string | number, id: string): string {
  return Buffer.from(JSON.stringify([value, id])).toString("base64url");
}

function parseCursor(
  cursor: string,
  column: (typeof columns)[keyof typeof columns],
): [string | number, string] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(parsed) && parsed.length === 2) {
      const [value, id] = parsed as unknown[];
      const fits = column === "name" ? typeof value === "string" : typeof value === "number";
      if (fits && typeof id === "string") return [value as string | number, id];
    }
  } catch {
    // told below
  }
  throw new AppError("bad_request", "That is not a cursor of this list.");
}
