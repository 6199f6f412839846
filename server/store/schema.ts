import type { CaveTables } from "./caves.ts";
import type { IdempotencyTables } from "./idempotency.ts";
import type { SettingTables } from "./settings.ts";

/** Every table, as its repository declares it. Rows never leave this folder. */
export interface Schema extends SettingTables, CaveTables, IdempotencyTables {}
