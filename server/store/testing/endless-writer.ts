import { stdout } from "node:process";
import { newId } from "../../lib/new-id.ts";
import { openStore } from "../open-store.ts";

/** Makes caves in pairs, each in one transaction, and says so on stdout when they are durable. For crash.test.ts, which kills it. */
const path = process.argv[2] ?? "";
const store = await openStore({ path });
for (let n = 0; ; n++) {
  const ids = [newId("cave"), newId("cave")] as const;
  await store.transaction(async (tx) => {
    for (const [index, id] of ids.entries()) {
      await tx.caves.insert({
        id,
        name: `pair-${ids[0].slice(5)}-${index}`,
        ownerId: "user-ann",
        ownerName: "ann",
        backend: "memory",
        image: "ghost/cave",
        state: "creating",
        desired: "running",
        limits: { cpus: 1, memoryMb: 64, pids: 16, diskMb: 64 },
        network: { mode: "open" },
        env: { FILLER: "x".repeat(2_000) },
        secrets: [],
        services: [],
        createdAt: new Date(n),
        activityAt: new Date(n),
        activityWhat: "created",
        keepWorkspace: false,
      });
    }
  });
  stdout.write(`${ids[0]}\n`);
  if (n % 3 === 2) {
    await store.caves.update(ids[0], { state: "running" });
    stdout.write(`${ids[0]} running\n`);
  }
}
