import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

export interface SettingTables {
  settings: { key: string; value: string };
}

/** Facts about this installation. */
export function settingsIn(db: Kysely<Schema>) {
  const get = async (key: string): Promise<string | undefined> => {
    const row = await db.selectFrom("settings").select("value").where("key", "=", key).executeTakeFirst();
    return row?.value;
  };
  /** Keeps the value that is there. */
  const setOnce = async (key: string, value: string): Promise<void> => {
    await db
      .insertInto("settings")
      .values({ key, value })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  };
  return {
    get,
    setOnce,
    /** What all that this installation makes in an engine is labelled with. */
    async instanceId(): Promise<string> {
      const known = await get("instance");
      if (known !== undefined) return known;
      await setOnce("instance", randomBytes(8).toString("hex"));
      return (await get("instance")) ?? "";
    },
  };
}
