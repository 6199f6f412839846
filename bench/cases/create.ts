import { startGateway } from "../../tests/support/gateway-process.ts";
import { engine, specOf } from "../engine.ts";
import { type Case, compare, time } from "../harness.ts";

/** A cave that can be used, against the engine's own create and start of the same container (which is then not yet ready for anything). */
export const create: Case = {
  name: "create",
  async run(report) {
    await using ghost = await startGateway();
    const { client } = ghost;
    const model = await client.caves.create({ body: { image: "ghost/cave:base" } });
    const spec = await specOf(model.id);
    await client.caves.remove({ params: { cave: model.id } });
    report(
      await compare({
        name: "create a cave, ready to exec (REST)",
        reference: "docker create + start",
        n: 20,
        maxRatio: 1.5,
        async ours() {
          let id = "";
          const taken = await time(async () => {
            id = (await client.caves.create({ body: { image: "ghost/cave:base" } })).id;
          });
          await client.caves.remove({ params: { cave: id } });
          return taken;
        },
        async theirs() {
          let container = engine.getContainer("");
          const taken = await time(async () => {
            container = await engine.createContainer(spec);
            await container.start();
          });
          await container.remove({ force: true });
          for (const mount of spec.HostConfig?.Mounts ?? []) await engine.getVolume(mount.Source).remove();
          return taken;
        },
      }),
    );
  },
};
