import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import type { WrappingKey } from "../config/keys.ts";
import { Redacted } from "../lib/redacted.ts";
import { openStore } from "../store/open-store.ts";
import { openVault } from "./vault.ts";

const now = () => new Date("2026-01-01T00:00:00Z");
const key = (id: string): WrappingKey => ({ id, key: randomBytes(32) });
const keysOf = (...all: [WrappingKey, ...WrappingKey[]]) => ({ secrets: new Redacted(all) });

async function storeWithUsers() {
  const store = await openStore({ path: ":memory:" });
  for (const name of ["ada", "bob"]) {
    await store.accounts.insert({
      id: name,
      name,
      role: "member",
      disabled: false,
      createdAt: now().toISOString(),
    });
  }
  return store;
}

it("gives back what it was given, to its owner", async () => {
  await using store = await storeWithUsers();
  const vault = await openVault({ store, keys: keysOf(key("k1")), now });
  expect(await vault.put("ada", "TOKEN", "one")).toMatchObject({ version: 1 });
  expect(await vault.put("ada", "TOKEN", "two ü")).toMatchObject({ version: 2 });
  await vault.put("bob", "TOKEN", "three");
  expect(await vault.reveal("ada", ["TOKEN"])).toEqual({ TOKEN: "two ü" });
  expect(await vault.reveal("ada", [])).toEqual({});
  expect(await vault.list("ada")).toEqual([{ name: "TOKEN", version: 2, updatedAt: now().toISOString() }]);
  await expect(vault.reveal("ada", ["TOKEN", "OTHER"])).rejects.toMatchObject({ code: "secret_not_found" });
  expect([await vault.remove("ada", "TOKEN"), await vault.remove("ada", "TOKEN")]).toEqual([true, false]);
});

it("does not open a row that was changed, moved or is older than it says", async () => {
  await using store = await storeWithUsers();
  const vault = await openVault({ store, keys: keysOf(key("k1")), now });
  await vault.put("ada", "A", "of ada");
  await vault.put("ada", "B", "another of ada");
  await vault.put("bob", "A", "of bob");
  const find = async (user: string, name: string) => {
    const [row] = await store.secrets.find(user, [name]);
    if (row === undefined) throw new Error("It is not there.");
    return row;
  };
  const a = await find("ada", "A");
  const changes = [
    { ...(await find("ada", "B")), name: "A" },
    await find("bob", "A"),
    { ...a, version: 2 },
    { ...a, sealed: a.sealed.with(0, (a.sealed[0] ?? 0) ^ 1) },
    { ...a, sealed: a.sealed.slice(0, 20) },
    { ...a, nonce: a.nonce.with(0, (a.nonce[0] ?? 0) ^ 1) },
  ];
  for (const change of changes) {
    await store.secrets.put("ada", change);
    await expect(vault.reveal("ada", ["A"])).rejects.toThrow();
  }
  await store.secrets.put("ada", a);
  expect(await vault.reveal("ada", ["A"])).toEqual({ A: "of ada" });
  const bobs = await store.secrets.dataKey("bob");
  if (bobs) await store.secrets.putDataKey({ ...bobs, userId: "ada" });
  await expect(vault.reveal("ada", ["A"])).rejects.toThrow();
});

it("changes the master key without losing anything", async () => {
  await using store = await storeWithUsers();
  const [old, young] = [key("k1"), key("k2")];
  await (await openVault({ store, keys: keysOf(old), now })).put("ada", "A", "kept");
  await expect(openVault({ store, keys: keysOf(young), now })).rejects.toThrow("k1");
  const both = await openVault({ store, keys: keysOf(young, old), now });
  expect([await both.rewrap(), await both.rewrap()]).toEqual([1, 0]);
  const after = await openVault({ store, keys: keysOf(young), now });
  expect(await after.reveal("ada", ["A"])).toEqual({ A: "kept" });
});
