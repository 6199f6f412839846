import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { openStore } from "./open-store.ts";
import { SqliteDatabase } from "./sqlite.ts";

const writer = fileURLToPath(new URL("testing/endless-writer.ts", import.meta.url));

/** What the writer had said when it was killed, at a random point after its third word. */
async function killed(path: string): Promise<string[]> {
  const child = spawn(process.execPath, [writer, path], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  while (said.split("\n").length <= 3) await once(child.stdout, "data");
  const closed = once(child, "close");
  setTimeout(() => child.kill("SIGKILL"), Math.random() * 40);
  await closed;
  return said.split("\n").slice(0, -1); // the last one may be half a line
}

it("keeps every acknowledged write, and of others all or nothing, however often the gateway is killed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ghost-kill-"));
  const path = join(folder, "ghost.db");
  const acknowledged = new Set<string>();
  const running = new Set<string>();
  for (let round = 0; round < 12; round++) {
    for (const line of await killed(path)) {
      const [id = "", state] = line.split(" ");
      (state === "running" ? running : acknowledged).add(id);
    }
    const database = new SqliteDatabase(path);
    expect(database.prepare("pragma integrity_check").all([])).toEqual([{ integrity_check: "ok" }]);
    database.close();
    await using store = await openStore({ path });
    const caves = await store.caves.all();
    const byId = new Map(caves.map((cave) => [cave.id, cave]));
    for (const id of acknowledged) expect(byId.has(id)).toBe(true);
    for (const id of running) expect(byId.get(id)?.state).toBe("running");
    const names = new Set(caves.map(({ name }) => name));
    for (const name of names)
      expect(names.has(name.replace(/-[01]$/, name.endsWith("0") ? "-1" : "-0"))).toBe(true);
  }
  expect(acknowledged.size).toBeGreaterThan(12);
  await rm(folder, { recursive: true });
});
