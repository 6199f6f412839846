import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { AppError } from "../lib/app-error.ts";

/** Most statements that stay prepared; the queries of the store are fewer. */
const maxStatements = 256;

// https://sqlite.org/rescode.html
const full = 13;
const unavailable = new Set([5, 6, 7, 8, 10, 11, 14, 26]);

/** What Kysely's SQLite dialect wants of a database. */
export interface SqliteStatement {
  readonly reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
}

/** `node:sqlite` in the shape that Kysely knows, with prepared statements kept and errors told in our words. */
export class SqliteDatabase {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(path: string) {
    this.#db = folded(() => new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5_000 }));
    // WAL lets readers in while we write; FULL makes an acknowledged commit survive the loss of power.
    this.exec("pragma journal_mode = wal; pragma synchronous = full;");
  }

  exec(sql: string): void {
    folded(() => this.#db.exec(sql));
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#statement(
      sql,
      folded(() => this.#db.prepare(sql)),
    );
    if (this.#statements.size >= maxStatements) {
      for (const oldest of this.#statements.keys()) {
        this.#statements.delete(oldest);
        break;
      }
    }
    this.#statements.set(sql, made);
    return made;
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #statement(sql: string, statement: StatementSync): SqliteStatement {
    return {
      reader: statement.columns().length > 0,
      all: (parameters) => folded(() => statement.all(...(parameters as SQLInputValue[]))),
      run: (parameters) => {
        // A full disk ends the transaction by itself; rolling it back again would hide why.
        if (sql === "rollback" && !this.#db.isTransaction) return { changes: 0, lastInsertRowid: 0 };
        return folded(() => statement.run(...(parameters as SQLInputValue[])));
      },
      iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
    };
  }
}

function folded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = resultCode(error);
    if (code === full) {
      throw new AppError("disk_full", "The disk that holds the database is full.", { cause: error });
    }
    if (code !== undefined && unavailable.has(code)) {
      throw new AppError("store_unavailable", "The database cannot be used at the moment.", { cause: error });
    }
    throw error;
  }
}

/** SQLite's primary result code of what `node:sqlite` threw. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number")
    return undefined;
  return error.errcode & 0xff;
}

/** Whether a unique constraint refused the row, and on which column (`caves.name`). */
export function isTaken(error: unknown, column: string): boolean {
  return resultCode(error) === 19 && error instanceof Error && error.message.includes(column);
}
