import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instanceOf, objectsOf } from "../support/engine-objects.ts";
import { type GatewayProcess, startGateway } from "../support/gateway-process.ts";

const body = { image: "ghost/cave:base" };

/** The real process, the real engine, SIGKILL at moments spread over the whole of a create and a remove. */
describe("a gateway that is killed", () => {
  let ghost: GatewayProcess;
  let instance: string;

  beforeAll(async () => {
    ghost = await startGateway();
    const keeper = await ghost.client.caves.create({ body: { ...body, name: "keeper" } });
    instance = await instanceOf(keeper.id);
    await ghost.client.exec.run({
      params: { cave: "keeper" },
      body: { command: "echo kept > /workspace/note" },
    });
  });
  afterAll(async () => ghost[Symbol.asyncDispose]());

  /** Nothing is on its way any more, and the engine holds exactly what the store says. */
  async function settled(): Promise<void> {
    await expect
      .poll(
        async () => {
          const { caves } = await ghost.client.caves.list({ query: { limit: 500 } });
          const { containers, volumes } = await objectsOf(instance);
          const real = caves.filter((cave) => cave.state !== "failed").map((cave) => cave.id);
          return {
            moving: caves.filter((cave) => cave.state === "creating" || cave.state === "removing").length,
            missing: real.filter((id) => !containers.includes(id)),
            extra: [...containers, ...volumes].filter((id) => !real.includes(id)),
          };
        },
        { timeout: 20_000, interval: 100 },
      )
      .toEqual({ moving: 0, missing: [], extra: [] });
  }

  it.each([0, 10, 25, 50, 90, 140, 200, 280, 380, 500])(
    "%i ms into a create and a remove leaves nothing over and loses nothing",
    async (delay) => {
      const victim = await ghost.client.caves.create({ body });
      const underway = [
        ghost.client.caves.create({ body: { ...body, name: `late-${delay}` } }),
        ghost.client.caves.remove({ params: { cave: victim.id } }),
      ].map((call) =>
        call.then(
          () => "answered",
          () => "cut off",
        ),
      );
      await after(delay);
      await ghost.kill("SIGKILL");
      const [created, removed] = await Promise.all(underway);
      await ghost.start();
      await settled();

      const { caves } = await ghost.client.caves.list({ query: { limit: 500 } });
      if (removed === "answered") expect(caves.map((cave) => cave.id)).not.toContain(victim.id);
      if (created === "answered") expect(caves.map((cave) => cave.name)).toContain(`late-${delay}`);
      for (const cave of caves.filter((one) => one.state === "running")) {
        const { exitCode } = await ghost.client.exec.run({
          params: { cave: cave.id },
          body: { argv: ["true"] },
        });
        expect(exitCode).toBe(0);
      }
      const { stdout } = await ghost.client.exec.run({
        params: { cave: "keeper" },
        body: { command: "cat /workspace/note" },
      });
      expect(stdout).toBe("kept\n");
      for (const cave of caves.filter((one) => one.name !== "keeper"))
        await ghost.client.caves.remove({ params: { cave: cave.id } });
    },
  );
});

function after(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  setTimeout(resolve, ms, undefined);
  return promise.then(() => undefined);
}
