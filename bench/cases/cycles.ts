import { setTimeout as pause } from "node:timers/promises";
import { startGateway } from "../../tests/support/gateway-process.ts";
import { descriptorsOf, moreIn } from "../descriptors.ts";
import { countObjects } from "../engine.ts";
import { type Case, figure, rssOf } from "../harness.ts";

const rounds = 200;

/** Create, exec, delete, two hundred times: afterwards everything is as it was. */
export const cycles: Case = {
  name: "cycles",
  async run(report) {
    await using ghost = await startGateway();
    const { client } = ghost;
    const cycle = async () => {
      const { id } = await client.caves.create({ body: { image: "ghost/cave:base" } });
      await client.exec.run({ params: { cave: id }, body: { argv: ["true"] } });
      await client.caves.remove({ params: { cave: id } });
    };
    for (let i = 0; i < 40; i += 1) await cycle();
    await pause(2_000);
    const opened = descriptorsOf(ghost.pid);
    const before = { ...(await countObjects()), fds: opened.length, rss: rssOf(ghost.pid) };
    for (let i = 0; i < rounds; i += 1) await cycle();
    await pause(2_000); // connections that wait for a next request are closed by then
    const left = descriptorsOf(ghost.pid);
    const after = { ...(await countObjects()), fds: left.length, rss: rssOf(ghost.pid) };
    for (const name of moreIn(opened, left)) console.log(`  open afterwards, and not before: ${name}`);
    for (const what of ["containers", "volumes", "networks", "fds"] as const) {
      const difference = after[what] - before[what];
      report(
        figure(`${what} after ${rounds} create/exec/delete`, [difference], {
          unit: "more",
          goal: "0",
          met: difference <= 0,
        }),
      );
    }
    const growth = (after.rss / before.rss - 1) * 100;
    report(
      figure(`gateway's memory after ${rounds} create/exec/delete`, [growth], {
        unit: "%",
        goal: "± 10 %",
        met: growth <= 10,
      }),
    );
  },
};
