import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureTestImages, testImages } from "../../server/backends/docker/testing/images.ts";
import { PrivateEngine } from "../../server/backends/docker/testing/private-engine.ts";
import { type GatewayProcess, startGateway } from "../support/gateway-process.ts";

/** A gateway on an engine of the test's own, which is killed under it. */
describe("an engine that is killed", () => {
  let engine: PrivateEngine;
  let ghost: GatewayProcess;

  beforeAll(async () => {
    engine = await PrivateEngine.open();
    await ensureTestImages(engine.docker);
    ghost = await startGateway({ DOCKER_HOST: engine.host });
  });
  afterAll(async () => {
    await ghost[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  });

  const states = async () => {
    const { caves } = await ghost.client.caves.list({ query: {} });
    return Object.fromEntries(caves.map(({ name, state }) => [name, state]));
  };

  it("is told of while it is away, and the truth is known within seconds of its return", async () => {
    const { client } = ghost;
    for (const name of ["runs", "stands"])
      await client.caves.create({ body: { name, image: testImages.plain } });
    await client.caves.stop({ params: { cave: "stands" } });
    await client.exec.run({ params: { cave: "runs" }, body: { command: "echo kept > note" } });

    await engine.kill();
    const away = { code: "backend_unavailable", status: 503 };
    await expect(client.caves.start({ params: { cave: "stands" } })).rejects.toMatchObject(away);
    await expect(
      client.caves.create({ body: { name: "never", image: testImages.plain } }),
    ).rejects.toMatchObject(away);
    const { backends } = await client.system.backends({});
    expect(backends).toMatchObject([{ name: "docker", reachable: false }]);
    expect(await client.system.health({})).toMatchObject({ status: "healthy" });

    await engine.start();
    await expect
      .poll(states, { timeout: 10_000, interval: 50 })
      .toEqual({ runs: "stopped", stands: "stopped" });
    expect(await client.caves.get({ params: { cave: "runs" } })).toMatchObject({
      stateReason: expect.stringMatching(/engine/i) as string,
    });

    await client.caves.start({ params: { cave: "runs" } });
    const { stdout } = await client.exec.run({ params: { cave: "runs" }, body: { command: "cat note" } });
    expect(stdout).toBe("kept\n");
    const containers = await engine.docker.listContainers({ all: true, filters: { label: ["ghost.cave"] } });
    expect(containers).toHaveLength(2);
  });
});
