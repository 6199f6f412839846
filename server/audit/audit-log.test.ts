import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pino } from "pino";
import { expect, it } from "vitest";
import { startTestServer } from "../../tests/support/test-server.ts";
import { loadKeys } from "../config/keys.ts";
import { Redacted } from "../lib/redacted.ts";
import { openStore } from "../store/open-store.ts";
import { openAuditLog, verifyAudit } from "./audit-log.ts";

it("tells who did what to what, and how it ended", async () => {
  await using ghost = await startTestServer({ inside: {} });
  const den = await ghost.client.caves.create({ body: { name: "den", image: "plain" } });
  await ghost.client.caves.stop({ params: { cave: "den" } });
  const few = ghost.as(await ghost.tokenOf("mia", ["caves:read"], "member"));
  await few.caves.remove({ params: { cave: "den" } }).catch(() => undefined);
  await ghost
    .as("ghost_wrong")
    .caves.list()
    .catch(() => undefined);
  await ghost.client.caves.start({ params: { cave: "nowhere" } }).catch(() => undefined);
  const { entries } = await ghost.client.system.audit();
  expect(
    entries.map(({ action, target, outcome, actor }) => [action, target, outcome, actor.split("/")[0]]),
  ).toEqual([
    ["caves.start", "nowhere", "failed", "admin"],
    ["caves.list", undefined, "denied", "anonymous"],
    ["caves.remove", "den", "denied", "mia"],
    ["caves.stop", `den/${den.id}`, "ok", "admin"],
    ["caves.create", den.id, "ok", "admin"],
  ]);
  expect(entries[0]).toMatchObject({
    ip: "127.0.0.1",
    actor: expect.stringMatching(/^admin\/tok-/) as string,
  });
  const page = await ghost.client.system.audit({ query: { before: 3, limit: 1 } });
  expect(page.entries.map(({ seq }) => seq)).toEqual([2]);
});

it.each([
  "update audit set actor = 'nobody' where seq = 2",
  "update audit set outcome = 'ok' where seq = 2",
  "delete from audit where seq = 2",
  "update audit set at = at + 1 where seq = 2",
])("notices: %s", async (change) => {
  await using ghost = await startTestServer({ inside: {} });
  for (let i = 0; i < 3; i++)
    await ghost.client.caves.start({ params: { cave: "nowhere" } }).catch(() => undefined);
  await ghost.ctx.audit.flush();
  const keys = loadKeys(ghost.ctx.config);
  expect(await verifyAudit(ghost.ctx.store, keys)).toEqual({ entries: 3 });
  const db = new DatabaseSync(join(ghost.home, "ghost.db"));
  db.exec(change);
  db.close();
  expect((await verifyAudit(ghost.ctx.store, keys)).brokenAt).toBeDefined();
});

it("tries again when the store could not write", async () => {
  await using store = await openStore({ path: ":memory:" });
  let broken = true;
  const failing = {
    ...store,
    transaction: ((work) =>
      broken ? Promise.reject(new Error("full")) : store.transaction(work)) as typeof store.transaction,
  };
  const keys = { audit: new Redacted(randomBytes(32)) };
  await using audit = openAuditLog({
    store: failing,
    keys,
    now: () => new Date(0),
    log: pino({ level: "silent" }),
  });
  audit.record({ actor: "ada", action: "caves.create", outcome: "ok" });
  await audit.flush();
  broken = false;
  audit.record({ actor: "ada", action: "caves.remove", outcome: "ok" });
  await audit.flush();
  expect((await store.audit.list({ limit: 9 })).map(({ action }) => action)).toEqual([
    "caves.remove",
    "caves.create",
  ]);
  expect(await verifyAudit(store, keys)).toEqual({ entries: 2 });
});
