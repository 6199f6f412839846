import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, SqliteDialect } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CaveRecord } from "../caves/cave-record.ts";
import { migrate } from "./migrate.ts";
import { openStore } from "./open-store.ts";
import type { Schema } from "./schema.ts";
import { SqliteDatabase } from "./sqlite.ts";
import type { Store } from "./store.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ghost-store-"));
  path = join(folder, "ghost.db");
});
afterEach(() => rm(folder, { recursive: true }));

const caveId = (n: number) =>
  `cave-${n.toString(2).padStart(16, "a").replaceAll("0", "b").replaceAll("1", "c")}`;

function record(n: number, changes: Partial<CaveRecord> = {}): CaveRecord {
  return {
    id: caveId(n),
    name: `cave-${n}`,
    ownerId: "user-a",
    ownerName: "ann",
    backend: "memory",
    image: "ghost/cave:base",
    state: "creating",
    desired: "running",
    limits: { cpus: 1, memoryMb: 512, pids: 64, diskMb: 1024 },
    network: { mode: "allow", allow: ["example.org"] },
    env: { GREETING: "hello" },
    secrets: ["KEY"],
    services: ["code"],
    createdAt: new Date(1_000 + Math.floor(n / 3)),
    activityAt: new Date(5_000 - n),
    activityWhat: "created",
    keepWorkspace: false,
    ...changes,
  };
}

const fill = (store: Store, count: number) =>
  store.transaction(async (tx) => {
    for (let n = 0; n < count; n++)
      await tx.caves.insert(record(n, { ownerName: n % 2 === 0 ? "ann" : "bob" }));
  });

describe("caves", () => {
  it("gives back what was put in, by id and by name, also after it was closed", async () => {
    const given = record(1, {
      daemon: 1,
      stateReason: "why",
      idleTimeoutMs: 60_000,
      expiresAt: new Date(9_000),
    });
    {
      await using store = await openStore({ path });
      await store.caves.insert(given);
    }
    await using store = await openStore({ path });
    expect(await store.caves.find(given.id)).toEqual(given);
    expect(await store.caves.find(given.name)).toEqual(given);
    expect(await store.caves.find("another")).toBeUndefined();
  });

  it("changes what is named and clears what is undefined", async () => {
    await using store = await openStore({ path: ":memory:" });
    await store.caves.insert(record(1, { stateReason: "why", expiresAt: new Date(9_000) }));
    const changed = await store.caves.update(caveId(1), { state: "running", stateReason: undefined });
    expect(changed).toMatchObject({ state: "running", expiresAt: new Date(9_000) });
    expect(changed?.stateReason).toBeUndefined();
    expect(await store.caves.update(caveId(2), { state: "running" })).toBeUndefined();
  });

  it("refuses a name twice, at birth and when renamed", async () => {
    await using store = await openStore({ path: ":memory:" });
    await fill(store, 2);
    await expect(store.caves.insert(record(3, { name: "cave-1" }))).rejects.toMatchObject({
      code: "cave_name_taken",
    });
    await expect(store.caves.update(caveId(0), { name: "cave-1" })).rejects.toMatchObject({
      code: "cave_name_taken",
    });
  });

  it("never turns the clock of activity back", async () => {
    await using store = await openStore({ path: ":memory:" });
    await fill(store, 1);
    await store.caves.touch(caveId(0), new Date(7_000), "exec");
    await store.caves.touch(caveId(0), new Date(6_000), "file");
    expect(await store.caves.find(caveId(0))).toMatchObject({
      activityAt: new Date(7_000),
      activityWhat: "exec",
    });
  });

  it("remembers removed caves until they are pruned, and kept workspaces beyond", async () => {
    await using store = await openStore({ path: ":memory:" });
    const removed = { ownerId: "user-a", name: "x", backend: "memory", removedAt: new Date(1) };
    await store.caves.insertRemoved({ ...removed, id: caveId(1), workspaceKept: true });
    await store.caves.insertRemoved({ ...removed, id: caveId(2), workspaceKept: false });
    await store.caves.pruneRemoved(new Date(2));
    expect(await store.caves.findRemoved(caveId(2))).toBeUndefined();
    expect(await store.caves.findKept("user-a", "x", "memory")).toMatchObject({ id: caveId(1) });
    expect(await store.caves.findKept("user-b", "x", "memory")).toBeUndefined();
  });
});

describe("list", () => {
  for (const sort of ["name", "-name", "createdAt", "-createdAt", "lastActivity", "-lastActivity"] as const) {
    it(`pages by ${sort} without skipping or doubling`, async () => {
      await using store = await openStore({ path: ":memory:" });
      await fill(store, 20);
      const whole = await store.caves.list({ sort, limit: 100 });
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.caves.list({ sort, limit: 3, cursor });
        expect(page.total).toBe(20);
        seen.push(...page.caves.map((cave) => cave.id));
        cursor = page.next;
      } while (cursor !== undefined);
      expect(seen).toEqual(whole.caves.map((cave) => cave.id));
      expect(new Set(seen).size).toBe(20);
    });
  }

  it("filters by owner, state, backend and part of a name", async () => {
    await using store = await openStore({ path: ":memory:" });
    await fill(store, 20);
    await store.caves.update(caveId(4), { state: "failed", backend: "other" });
    const sort = "name" as const;
    expect((await store.caves.list({ sort, limit: 100, ownerName: "bob" })).total).toBe(10);
    expect((await store.caves.list({ sort, limit: 100, ownerId: "user-b" })).total).toBe(0);
    expect((await store.caves.list({ sort, limit: 100, state: "failed" })).caves).toHaveLength(1);
    expect((await store.caves.list({ sort, limit: 100, backend: "other" })).caves).toHaveLength(1);
    expect((await store.caves.list({ sort, limit: 100, q: "AVE-1" })).total).toBe(11);
    expect((await store.caves.list({ sort, limit: 100, q: "%" })).total).toBe(0);
  });

  it.each([
    "x",
    "W10",
    Buffer.from('["a","b"]').toString("base64url"),
    Buffer.from("[1]").toString("base64url"),
  ])("refuses the cursor %s", async (cursor) => {
    await using store = await openStore({ path: ":memory:" });
    await expect(store.caves.list({ sort: "createdAt", limit: 1, cursor })).rejects.toMatchObject({
      code: "bad_request",
    });
  });
});

describe("the database", () => {
  it("undoes a transaction that fails", async () => {
    await using store = await openStore({ path: ":memory:" });
    await expect(
      store.transaction(async (tx) => {
        await tx.caves.insert(record(1));
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    expect(await store.caves.find(caveId(1))).toBeUndefined();
  });

  it("keeps the instance id", async () => {
    await using first = await openStore({ path });
    const id = await first.settings.instanceId();
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    await using second = await openStore({ path });
    expect(await second.settings.instanceId()).toBe(id);
  });

  it("is not opened when a newer Ghost wrote it", async () => {
    {
      await using store = await openStore({ path });
      await store.settings.instanceId();
    }
    const database = new SqliteDatabase(path);
    database.exec("pragma user_version = 1000");
    database.close();
    await expect(openStore({ path })).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining("newer Ghost") as string,
    });
  });

  it("undoes a migration that fails, and does it again the next time", async () => {
    const database = new SqliteDatabase(path);
    const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) });
    let broken = true;
    const step = {
      name: "one",
      up: () => {
        database.exec("create table one (id)");
        return broken ? Promise.reject(new Error("broken")) : Promise.resolve();
      },
    };
    await expect(migrate(db, [step])).rejects.toThrow("broken");
    broken = false;
    await migrate(db, [step]);
    await migrate(db, [step]);
    await db.destroy();
  });

  it("is told apart from no database", async () => {
    await expect(openStore({ path: join(folder, "missing", "ghost.db") })).rejects.toMatchObject({
      code: "store_unavailable",
    });
  });

  it("says that the disk is full, loses nothing that it acknowledged, and recovers", async () => {
    await using store = await openStore({ path });
    await fill(store, 1);
    const limited = new SqliteDatabase(path);
    const pages = limited.prepare("pragma page_count").all([])[0] as { page_count: number };
    const tight = limited.prepare(`pragma max_page_count = ${pages.page_count}`);
    tight.all([]);
    const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: limited }) });
    const big = "x".repeat(1_000_000);
    await expect(
      db
        .transaction()
        .execute((tx) => tx.insertInto("settings").values({ key: "big", value: big }).execute()),
    ).rejects.toMatchObject({ code: "disk_full" });
    limited.prepare("pragma max_page_count = 100000").all([]);
    await db.insertInto("settings").values({ key: "big", value: big }).execute();
    expect(await store.settings.get("big")).toHaveLength(1_000_000);
    expect(await store.caves.find(caveId(0))).toBeDefined();
    await db.destroy();
  });
});

describe("requests that may be sent again", () => {
  it("remembers an answer for its owner only, until it is pruned", async () => {
    await using store = await openStore({ path: ":memory:" });
    const request = {
      ownerId: "user-a",
      key: "k",
      requestHash: "h",
      caveId: caveId(1),
      createdAt: new Date(5),
    };
    await store.idempotency.insert(request);
    expect(await store.idempotency.find("user-a", "k")).toEqual(request);
    await store.idempotency.answer("user-a", "k", { fine: true });
    expect(await store.idempotency.find("user-a", "k")).toEqual({ ...request, answer: { fine: true } });
    expect(await store.idempotency.find("user-b", "k")).toBeUndefined();
    await store.idempotency.prune(new Date(6));
    expect(await store.idempotency.find("user-a", "k")).toBeUndefined();
  });
});
