import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureTestImages, testImages } from "../../../server/backends/docker/testing/images.ts";
import { PrivateEngine } from "../../../server/backends/docker/testing/private-engine.ts";
import { launchBrowser } from "../../support/browser.ts";
import { lookAt } from "../../support/dashboard-visit.ts";
import { type GatewayProcess, startGateway } from "../../support/gateway-process.ts";

const slow = { timeout: 60_000 };

/** A gateway on an engine of the test's own, which is killed under it and under the pages that show its caves. */
describe("an engine that is killed", () => {
  const stack = new AsyncDisposableStack();
  let engine: PrivateEngine;
  let ghost: GatewayProcess;

  beforeAll(async () => {
    engine = stack.use(await PrivateEngine.open());
    await ensureTestImages(engine.docker);
    ghost = stack.use(await startGateway({ DOCKER_HOST: engine.host }));
  });
  afterAll(() => stack.disposeAsync());

  const states = async () => {
    const { caves } = await ghost.client.caves.list({ query: {} });
    return Object.fromEntries(caves.map(({ name, state }) => [name, state]));
  };

  it("is told of while it is away, and all is well again within seconds of its return", async () => {
    const { client } = ghost;
    for (const name of ["runs", "stands"])
      await client.caves.create({ body: { name, image: testImages.plain } });
    await client.caves.stop({ params: { cave: "stands" } });
    await client.exec.run({ params: { cave: "runs" }, body: { command: "echo kept > note" } });

    const { browser } = stack.use(await launchBrowser());
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: "reduce",
    });
    const list = await context.newPage();
    await list.goto(await ghost.signInUrl());
    const row = (name: string) => list.getByRole("row", { name: new RegExp(name) });
    await row("runs").getByRole("img", { name: "Running" }).waitFor();
    const bench = await context.newPage();
    await bench.goto(`${ghost.url}/caves/runs`);
    const stop = bench.getByRole("button", { name: "Stop", exact: true });
    await stop.waitFor(slow);

    await engine.kill();
    const away = { code: "backend_unavailable", status: 503 };
    await expect(client.caves.start({ params: { cave: "stands" } })).rejects.toMatchObject(away);
    await expect(
      client.caves.create({ body: { name: "never", image: testImages.plain } }),
    ).rejects.toMatchObject(away);
    const { backends } = await client.system.backends({});
    expect(backends).toMatchObject([{ name: "docker", reachable: false }]);
    expect(await client.system.health({})).toMatchObject({ status: "healthy" });

    // The pages say what happened and what can be done: one because it was refused something, the other by looking now and then.
    await list.getByRole("button", { name: "Start stands" }).click();
    await list.getByText("stands could not be started").waitFor();
    for (const page of [list, bench])
      await page.getByText("Its caves cannot be used until it does").waitFor(slow);
    await row("runs").getByText("Running when docker last answered").waitFor();
    expect(await lookAt(list, "caves-engine-away")).toEqual([]);
    expect(await lookAt(bench, "workbench-engine-away")).toEqual([]);

    await engine.start();
    await expect
      .poll(states, { timeout: 10_000, interval: 50 })
      .toEqual({ runs: "stopped", stands: "stopped" });
    expect(await client.caves.get({ params: { cave: "runs" } })).toMatchObject({
      stateReason: expect.stringMatching(/engine/i) as string,
    });

    // They recover by themselves, and the work goes on where it was.
    await bench.getByRole("heading", { name: "runs is stopped" }).waitFor(slow);
    await bench
      .getByText(/engine/i)
      .first()
      .waitFor();
    for (const page of [list, bench])
      await page.getByText("Its caves cannot be used until it does").waitFor({ ...slow, state: "hidden" });
    await row("runs").getByRole("img", { name: "Stopped" }).waitFor();
    await bench.getByRole("main").getByRole("button", { name: "Start" }).last().click();
    await stop.waitFor(slow);
    const { stdout } = await client.exec.run({ params: { cave: "runs" }, body: { command: "cat note" } });
    expect(stdout).toBe("kept\n");
    const containers = await engine.docker.listContainers({ all: true, filters: { label: ["ghost.cave"] } });
    expect(containers).toHaveLength(2);
  });
});
