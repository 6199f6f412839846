import { execFile } from "node:child_process";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startGateway } from "../../tests/support/gateway-process.ts";
import { type Case, figure, rssOf, time } from "../harness.ts";

const MB = 2 ** 20;
const big = 2048 * MB;

/** Small files for latency, one of 2 GB for throughput and for the memory that it takes the gateway. */
export const files: Case = {
  name: "files",
  async run(report) {
    await using ghost = await startGateway();
    const { client, url, token } = ghost;
    const { id } = await client.caves.create({ body: { image: "ghost/cave:base" } });
    const address = (path: string) => `${url}/v1/caves/${id}/files?path=${encodeURIComponent(path)}`;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" };
    const curl = (args: string[]) =>
      promisify(execFile)("curl", [
        "-sS",
        "--fail-with-body",
        "-H",
        `Authorization: Bearer ${token}`,
        ...args,
        address("big"),
      ]);
    const one = Buffer.alloc(MB, "ghost");

    const read: number[] = [];
    const write: number[] = [];
    for (let round = -5; round < 50; round += 1) {
      const up = await time(async () =>
        (await fetch(address("one"), { method: "PUT", headers, body: one })).arrayBuffer(),
      );
      const down = await time(async () => (await fetch(address("one"), { headers })).arrayBuffer());
      if (round < 0) continue;
      write.push(up);
      read.push(down);
    }
    for (const [name, samples] of [
      ["read 1 MB (REST)", read],
      ["write 1 MB (REST)", write],
    ] as const) {
      const row = figure(name, samples, { goal: "p50 ≤ 15 ms" });
      report({ ...row, met: row.p50 <= 15 });
    }

    const folder = await mkdtemp(join(tmpdir(), "ghost-bench-"));
    const local = join(folder, "big");
    await writeFile(local, "");
    await truncate(local, big);
    const before = rssOf(ghost.pid);
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, rssOf(ghost.pid))), 20);
    const up = await time(() => curl(["-T", local, "-H", `Content-Type: ${headers["content-type"]}`]));
    const down = await time(() => curl(["-o", "/dev/null"]));
    clearInterval(watch);
    await rm(folder, { recursive: true });
    for (const [name, taken] of [
      ["upload 2 GB", up],
      ["download 2 GB", down],
    ] as const) {
      const rate = big / 1e6 / (taken / 1000);
      report(figure(name, [rate], { unit: "MB/s", goal: "≥ 200 MB/s", met: rate >= 200 }));
    }
    const growth = (peak - before) / MB;
    report(
      figure("gateway's memory growth over both", [growth], {
        unit: "MB",
        goal: "< 64 MB",
        met: growth < 64,
      }),
    );
  },
};
