import { startGateway } from "../../tests/support/gateway-process.ts";
import { countObjects } from "../engine.ts";
import { type Case, figure, time } from "../harness.ts";

const count = 100;

/** A hundred caves at once: all created, all answer, listed quickly, all removed, nothing left. */
export const hundred: Case = {
  name: "hundred",
  async run(report) {
    const before = await countObjects();
    {
      await using ghost = await startGateway({ GHOST_MAX_CAVES_PER_USER: "200" });
      const { client } = ghost;
      const samples: number[] = [];
      const ids: string[] = [];
      const limits = { memoryMb: 256, cpus: 0.5 };
      const all = await time(() =>
        Promise.all(
          Array.from({ length: count }, async () => {
            samples.push(
              await time(async () =>
                ids.push((await client.caves.create({ body: { image: "ghost/cave:base", limits } })).id),
              ),
            );
          }),
        ),
      );
      report(
        figure(`create ${count} caves at once, each`, samples, { note: `all in ${Math.round(all)} ms` }),
      );
      report(
        figure(`create ${count} caves at once, all`, [all / 1000], {
          unit: "s",
          goal: "all created",
          met: new Set(ids).size === count,
        }),
      );
      let answered = 0;
      const exec = await Promise.all(
        ids.map((cave) =>
          time(async () => {
            const { stdout } = await client.exec.run({
              params: { cave },
              body: { command: "echo $GHOST_CAVE_ID" },
            });
            if (stdout.trim() === cave) answered += 1;
          }),
        ),
      );
      report(
        figure(`exec in ${count} caves at once, each`, exec, { goal: "all answer", met: answered === count }),
      );
      const list: number[] = [];
      for (let i = 0; i < 50; i += 1)
        list.push(await time(() => client.caves.list({ query: { limit: 500 } })));
      const row = figure(`list ${count} caves`, list, { goal: "p95 ≤ 50 ms" });
      report({ ...row, met: row.p95 <= 50 });
      const gone = await time(() =>
        Promise.all(ids.map((cave) => client.caves.remove({ params: { cave } }))),
      );
      report(figure(`remove ${count} caves at once, all`, [gone / 1000], { unit: "s" }));
    }
    const after = await countObjects();
    const left =
      after.containers -
      before.containers +
      (after.volumes - before.volumes) +
      (after.networks - before.networks);
    report(figure("objects left in the engine", [left], { unit: "", goal: "0", met: left === 0 }));
  },
};
