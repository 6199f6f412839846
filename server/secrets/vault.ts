import { randomBytes } from "node:crypto";
import type { Keys, WrappingKey } from "../config/keys.ts";
import { AppError } from "../lib/app-error.ts";
import type { SealedSecret, WrappedKey } from "../store/secrets.ts";
import type { Repositories, Store } from "../store/store.ts";
import { open, seal } from "./envelope.ts";
import type { Secret } from "#contract/account.ts";

/** Users' secrets. Each user has a data key of their own, which the master key wraps; a row is bound to its user, name and version. */
export interface Vault {
  put(userId: string, name: string, value: string): Promise<Secret>;
  list(userId: string): Promise<Secret[]>;
  /** Whether it was there. */
  remove(userId: string, name: string): Promise<boolean>;
  /** The values, for a cave of this user. `secret_not_found` names the first that is not there. */
  reveal(userId: string, names: readonly string[]): Promise<Record<string, string>>;
  /** Wraps every data key with the newest master key; how many were not. */
  rewrap(): Promise<number>;
}

/** Part of what every record is bound to. */
const format = "ghost/v1";

/** Refuses to open when there is a record that no key it has can read. */
export async function openVault({
  store,
  keys,
  now,
}: {
  store: Store;
  keys: Pick<Keys, "secrets">;
  now: () => Date;
}): Promise<Vault> {
  const known = new Map(keys.secrets.reveal().map((one) => [one.id, one]));
  const newest = keys.secrets.reveal()[0];
  for (const { keyId } of await store.secrets.dataKeys()) {
    if (!known.has(keyId)) {
      throw new Error(
        `There are secrets that the master key cannot read (they need key ${keyId}). Restore the master key that wrote them.`,
      );
    }
  }

  function unwrap({ userId, keyId, nonce, wrapped }: WrappedKey): Buffer {
    const key = known.get(keyId);
    if (key === undefined) throw new Error(`There is no key ${keyId}.`);
    return open(key.key, { nonce, sealed: wrapped }, [format, "data-key", keyId, userId]);
  }

  async function dataKey({ secrets }: Repositories, userId: string): Promise<Buffer> {
    const kept = await secrets.dataKey(userId);
    if (kept !== undefined) return unwrap(kept);
    const made = randomBytes(32);
    await secrets.putDataKey(wrap(newest, userId, made));
    return made;
  }

  return {
    put: (userId, name, value) =>
      store.transaction(async (tx) => {
        const key = await dataKey(tx, userId);
        const [before] = await tx.secrets.find(userId, [name]);
        const version = (before?.version ?? 0) + 1;
        const updatedAt = now();
        const { nonce, sealed } = seal(key, Buffer.from(value), aboutSecret(userId, name, version));
        await tx.secrets.put(userId, { name, version, nonce, sealed, updatedAt });
        return { name, version, updatedAt: updatedAt.toISOString() };
      }),

    list: async (userId) =>
      (await store.secrets.list(userId)).map((one) => ({ ...one, updatedAt: one.updatedAt.toISOString() })),

    remove: (userId, name) => store.secrets.remove(userId, name),

    async reveal(userId, names) {
      if (names.length === 0) return {};
      const kept = await store.secrets.dataKey(userId);
      const rows = new Map((await store.secrets.find(userId, names)).map((row) => [row.name, row]));
      const missing = names.find((name) => !rows.has(name));
      if (kept === undefined || missing !== undefined) {
        throw new AppError("secret_not_found", `There is no secret ${missing ?? names[0] ?? ""}.`, {
          details: { secret: missing ?? names[0] },
        });
      }
      const key = unwrap(kept);
      return Object.fromEntries([...rows.values()].map((row) => [row.name, read(key, userId, row)]));
    },

    rewrap: () =>
      store.transaction(async ({ secrets }) => {
        const old = (await secrets.dataKeys()).filter(({ keyId }) => keyId !== newest.id);
        for (const one of old) await secrets.putDataKey(wrap(newest, one.userId, unwrap(one)));
        return old.length;
      }),
  };
}

function wrap({ id, key }: WrappingKey, userId: string, dataKey: Buffer): WrappedKey {
  const { nonce, sealed } = seal(key, dataKey, [format, "data-key", id, userId]);
  return { userId, keyId: id, nonce, wrapped: sealed };
}

function read(key: Buffer, userId: string, row: SealedSecret): string {
  return open(key, row, aboutSecret(userId, row.name, row.version)).toString();
}

const aboutSecret = (userId: string, name: string, version: number) => [
  format,
  "secret",
  userId,
  name,
  version,
];
