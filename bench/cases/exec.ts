import { once } from "node:events";
import { startGateway } from "../../tests/support/gateway-process.ts";
import { engine } from "../engine.ts";
import { type Case, compare, figure, time } from "../harness.ts";

/** `true` in a cave over REST, against the engine's exec of the same in the same container. */
export const exec: Case = {
  name: "exec",
  async run(report) {
    await using ghost = await startGateway();
    const { client } = ghost;
    const { id } = await client.caves.create({ body: { image: "ghost/cave:base" } });
    const params = { cave: id };
    const container = engine.getContainer(`ghost-${id}`);

    report(
      await compare({
        name: "exec of true (REST)",
        reference: "docker exec",
        n: 100,
        warmUp: 10,
        maxRatio: 0.2,
        ours: () => time(() => client.exec.run({ params, body: { argv: ["true"] } })),
        theirs: () =>
          time(async () => {
            const run = await container.exec({ Cmd: ["true"], AttachStdout: true, AttachStderr: true });
            const stream = await run.start({});
            stream.resume();
            await once(stream, "end");
            await run.inspect(); // the exit code, which ours has in its answer
          }),
      }),
    );

    const shell: number[] = [];
    for (let round = -5; round < 100; round += 1) {
      const taken = await time(() => client.exec.run({ params, body: { command: "echo hello" } }));
      if (round >= 0) shell.push(taken);
    }
    report(figure("exec of a shell command (REST)", shell));
  },
};
