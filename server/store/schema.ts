import type { AccountTables } from "./accounts.ts";
import type { AuditTables } from "./audit.ts";
import type { CaveTables } from "./caves.ts";
import type { IdempotencyTables } from "./idempotency.ts";
import type { RunTables } from "./runs.ts";
import type { SecretTables } from "./secrets.ts";
import type { SessionTables } from "./sessions.ts";
import type { SettingTables } from "./settings.ts";
import type { SurfaceTables } from "./surfaces.ts";
import type { TokenTables } from "./tokens.ts";

/** Every table, as its repository declares it. Rows never leave this folder. */
export interface Schema
  extends
    SettingTables,
    CaveTables,
    IdempotencyTables,
    AccountTables,
    TokenTables,
    SessionTables,
    SecretTables,
    RunTables,
    SurfaceTables,
    AuditTables {}
