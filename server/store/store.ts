import type { Kysely } from "kysely";
import { accountsIn } from "./accounts.ts";
import { auditIn } from "./audit.ts";
import { cavesIn } from "./caves.ts";
import { idempotencyIn } from "./idempotency.ts";
import { runsIn } from "./runs.ts";
import type { Schema } from "./schema.ts";
import { secretsIn } from "./secrets.ts";
import { sessionsIn } from "./sessions.ts";
import { settingsIn } from "./settings.ts";
import { surfacesIn } from "./surfaces.ts";
import { tokensIn } from "./tokens.ts";

/** One line for every repository: its functions take and give domain types. */
export function repositories(db: Kysely<Schema>) {
  return {
    settings: settingsIn(db),
    caves: cavesIn(db),
    idempotency: idempotencyIn(db),
    accounts: accountsIn(db),
    tokens: tokensIn(db),
    sessions: sessionsIn(db),
    secrets: secretsIn(db),
    audit: auditIn(db),
    surfaces: surfacesIn(db),
    runs: runsIn(db),
  };
}
export type Repositories = ReturnType<typeof repositories>;

/**
 * What Ghost remembers. An answer means that it is on the disk. `disk_full` and `store_unavailable` tell that it is not.
 */
export interface Store extends Repositories, AsyncDisposable {
  /**
   * All of it or nothing. Inside, use `tx` only, and wait for nothing but the store: there is one connection, and everybody else waits for it.
   */
  transaction<T>(work: (tx: Repositories) => Promise<T>): Promise<T>;
}
