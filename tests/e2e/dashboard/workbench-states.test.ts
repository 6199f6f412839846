import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryBackend } from "../../../server/backends/memory/memory-backend.ts";
import { MemoryWorld } from "../../../server/backends/memory/world.ts";
import { launchBrowser } from "../../support/browser.ts";
import { lookAt, visitSignedIn } from "../../support/dashboard-visit.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const slow = { timeout: 30_000 };

/** What becomes of a cave while its page is open: the page says what happened and what can be done. */
describe("an open workbench", () => {
  const stack = new AsyncDisposableStack();
  let ghost: TestServer;
  let browser: Browser;
  let world: MemoryWorld;
  beforeAll(async () => {
    world = stack.use(new MemoryWorld({ images: { "ubuntu:24.04": {} } }));
    ghost = stack.use(
      await startTestServer({ backend: createMemoryBackend({ name: "docker", world }), inside: {} }),
    );
    ({ browser } = stack.use(await launchBrowser()));
  });
  afterAll(() => stack.disposeAsync());

  it("tells of memory that ran out, of a stop and of the end", async () => {
    const cave = await ghost.client.caves.create({
      body: { name: "lab", image: "ubuntu:24.04", limits: { memoryMb: 512 } },
    });
    const at = { params: { cave: cave.id } };
    const { page, origin } = await visitSignedIn(browser, ghost, "/caves/lab", { theme: "light" });
    const heading = (name: string) => page.getByRole("heading", { name });
    await page.getByRole("button", { name: "Stop", exact: true }).waitFor(slow);

    // It is of somebody else's image: what that has no place for is not offered, and the page says why.
    await page.getByText("Its image is not built on ghost/cave:base").waitFor();
    await page.getByRole("tab", { name: "Logs" }).waitFor(slow);
    await page.getByRole("button", { name: "Panel", exact: true }).click();
    await page.getByRole("menuitem", { name: "Files" }).waitFor();
    expect(await page.getByRole("menuitem", { name: "Terminal" }).count()).toBe(0);
    await page.keyboard.press("Escape");
    expect(await lookAt(page, "workbench-foreign")).toEqual([]);
    await page.goto(`${origin}/caves/lab?open=terminal`);
    await page.getByRole("heading", { name: "Terminal needs another image" }).waitFor(slow);
    expect(await lookAt(page, "workbench-no-terminal")).toEqual([]);

    await world.end(cave.id, 137, true);
    await heading("lab has failed").waitFor(slow);
    await page.getByText(/ran out of memory/).waitFor();
    expect(await lookAt(page, "workbench-out-of-memory")).toEqual([]);
    await page.getByRole("button", { name: "Start with 1 GB of memory" }).click();
    await page.getByRole("button", { name: "Stop", exact: true }).waitFor(slow);
    expect((await ghost.client.caves.get(at)).limits.memoryMb).toBe(1024);

    await page.getByRole("tab", { name: "Logs" }).waitFor(slow);
    await ghost.client.caves.stop(at);
    await heading("lab is stopped").waitFor(slow);
    const layouts = () =>
      page.evaluate<string[]>("Object.keys(localStorage).filter((key) => /workbench/.test(key))");
    expect(await layouts()).toEqual([`ghost.workbench.${cave.id}`]);
    await ghost.client.caves.remove(at);
    await heading("lab was deleted").waitFor(slow);
    await expect.poll(layouts).toEqual([]);
  });
});
