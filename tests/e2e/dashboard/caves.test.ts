import type { Browser, Request } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "../../../server/lib/app-error.ts";
import { launchBrowser } from "../../support/browser.ts";
import { lookAt, visitSignedIn } from "../../support/dashboard-visit.ts";
import {
  type FleetServer,
  makeFleet,
  publishFigures,
  setDesktop,
  startFleetServer,
} from "../../support/fleet.ts";

let ghost: FleetServer;
let chromium: Awaited<ReturnType<typeof launchBrowser>>;
let browser: Browser;
beforeAll(async () => {
  chromium = await launchBrowser();
  browser = chromium.browser;
});
afterAll(async () => chromium[Symbol.asyncDispose]());

describe("with no caves", () => {
  let full = false;
  /** What a creation waits for. */
  let held: Promise<unknown> = Promise.resolve();
  let over = Promise.withResolvers<undefined>();
  const fault = async (verb: string, _: unknown, when: string) => {
    if (verb !== "create" || when !== "before") return;
    await Promise.race([held, over.promise]);
    if (full) throw new AppError("disk_full", "The engine's disk is full.");
  };
  beforeEach(async () => {
    full = false;
    held = Promise.resolve();
    over = Promise.withResolvers();
    ghost = await startFleetServer({}, { fault });
    return () => (over.resolve(undefined), ghost[Symbol.asyncDispose]());
  });

  it("says what a cave is, and makes one with its stages in view", async () => {
    const { page, origin, problems } = await visitSignedIn(browser, ghost);
    const sample = page.getByRole("button", { name: "Make a sample cave" });
    await sample.waitFor();
    expect(await lookAt(page, "first-cave")).toEqual([]);

    // What is being made can be given up: it is deleted, and nothing is told of it afterwards.
    let creation = Promise.withResolvers<undefined>();
    held = creation.promise;
    await sample.click();
    await page.getByRole("button", { name: "Cancel and delete it" }).waitFor();
    expect(await lookAt(page, "first-cave-progress")).toEqual([]);
    await page.getByRole("button", { name: "Cancel and delete it" }).click();
    creation.resolve(undefined);
    await expect.poll(async () => (await ghost.client.caves.list()).total).toBe(0);
    await sample.waitFor();

    await page.keyboard.press("n");
    const sheet = page.getByRole("dialog", { name: "New cave" });
    await sheet.getByLabel("Name", { exact: true }).fill("Not A Name");
    await sheet.getByLabel("Image", { exact: true }).fill("python:3.12-slim");
    await sheet.getByRole("button", { name: "Create" }).click();
    await sheet.getByText("Use lower-case letters").waitFor();
    await sheet.getByLabel("Name", { exact: true }).fill("den");
    creation = Promise.withResolvers<undefined>();
    held = creation.promise;
    await page.keyboard.press("Control+Enter");
    await page.getByRole("button", { name: "Cancel and delete it" }).waitFor();
    // Whoever else may see it sees how far it is, too.
    const other = await page.context().newPage();
    await other.goto(origin);
    await other.getByRole("row", { name: /den/ }).getByText("Creating").waitFor();
    expect(await lookAt(other, "caves-creating")).toEqual([]);
    await other.goto(`${origin}/caves/den`);
    await other.getByRole("heading", { name: "den is starting" }).waitFor();
    await other.getByRole("listitem").filter({ hasText: "Image" }).getByLabel("Done").waitFor();
    expect(await other.locator("[aria-current=step]").textContent()).toMatch(/^Create\d+ s$/);
    expect(await lookAt(other, "workbench-creating")).toEqual([]);

    await page.getByRole("button", { name: "Cancel and delete it" }).click();
    creation.resolve(undefined);
    await other.getByRole("heading", { name: "den was deleted" }).waitFor();
    await expect.poll(async () => (await ghost.client.caves.list()).total).toBe(0);
    await page.getByRole("dialog", { name: "New cave" }).getByRole("button", { name: "Create" }).click();
    await page.waitForURL("**/caves/den");
    const cave = await ghost.client.caves.get({ params: { cave: "den" } });
    expect(cave).toMatchObject({ image: "python:3.12-slim", state: "running", limits: { memoryMb: 2048 } });
    expect(problems).toEqual([]);
  });

  it("keeps the form when a name is taken, and fills it in from a link without making anything", async () => {
    await ghost.client.caves.create({ body: { name: "den", image: "ubuntu:24.04" } });
    const link = "/?new&name=den&image=ubuntu:24.04&memoryMb=512&env.MODE=test";
    const { page, origin } = await visitSignedIn(browser, ghost, link);
    const sheet = page.getByRole("dialog");
    await sheet.getByText("nothing is made before you press Create").waitFor();
    expect((await ghost.client.caves.list()).total).toBe(1);
    await sheet.getByRole("button", { name: "Create" }).click();
    await sheet.getByRole("alert").waitFor();
    expect(await lookAt(page, "create-failed")).toEqual([]);
    expect(await sheet.getByRole("button", { name: "Try again" }).isVisible()).toBe(true);
    await sheet.getByRole("button", { name: "Change something" }).click();
    await sheet.getByLabel("Name", { exact: true }).fill("den-two");
    full = true;
    await sheet.getByRole("button", { name: "Create" }).click();
    await sheet.getByRole("alert").getByText("Free some space").waitFor();

    // It stays for everybody else, with its reason, and is tried again from there as well.
    const other = await page.context().newPage();
    await other.goto(`${origin}/caves/den-two`);
    await other.getByRole("heading", { name: "den-two has failed" }).waitFor();
    await other.getByRole("alert").getByText("The engine's disk is full.").waitFor();
    expect(await lookAt(other, "workbench-not-made")).toEqual([]);
    await other.getByRole("button", { name: "Try again" }).click();
    await other.getByText("den-two was not started").waitFor();

    // Another try takes its place.
    full = false;
    await sheet.getByRole("button", { name: "Change something" }).click();
    await sheet.getByLabel("Name", { exact: true }).fill("den-three");
    await sheet.getByRole("button", { name: "Create" }).click();
    await page.waitForURL("**/caves/den-three");
    expect(await ghost.client.caves.get({ params: { cave: "den-three" } })).toMatchObject({
      env: { MODE: "test" },
      limits: { memoryMb: 512 },
    });
    await other.getByRole("heading", { name: "den-two was deleted" }).waitFor();
  });
});

describe("with a few caves", () => {
  const desktop: { picture: Buffer; asked: number } = { picture: Buffer.alloc(0), asked: 0 };
  const inside = {
    desktopThumbnail: () => {
      desktop.asked++;
      return Promise.resolve(desktop.picture);
    },
  };
  /** What the engine does not do. */
  let refused = "";
  const fault = (verb: string) => {
    if (verb === refused) throw new AppError("disk_full", "The engine's disk is full.");
  };
  beforeEach(async () => {
    refused = "";
    ghost = await startFleetServer({}, { inside, fault });
    await makeFleet(ghost);
    return () => ghost[Symbol.asyncDispose]();
  });

  const rows = 9;

  it.each([
    [1440, 900],
    [1024, 768],
    [390, 844],
  ])("lists them %i pixels wide, for everybody", async (width, height) => {
    const { page, problems } = await visitSignedIn(browser, ghost, "/", { width, height });
    await page.getByRole("link", { name: "research-agent" }).waitFor();
    const { caves } = await ghost.client.caves.list();
    publishFigures(ghost, caves);
    await page
      .getByText(/^\d+ %/)
      .first()
      .waitFor();
    expect(await page.getByRole("grid", { name: "Caves" }).getAttribute("aria-rowcount")).toBe(
      String(rows + 1),
    );
    expect(await lookAt(page, `caves-${width}`)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it("filters and sorts, and keeps both in the address", async () => {
    const { page, origin } = await visitSignedIn(browser, ghost);
    await page.getByRole("link", { name: "research-agent" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("state:running image:node -port:8080");
    await expect.poll(() => page.getByRole("row").count()).toBe(1 + 2);
    await page.getByRole("button", { name: "Name", exact: true }).click();
    const names = async () => page.getByRole("gridcell").getByRole("link").allInnerTexts();
    await expect.poll(names).toEqual(["billing-api", "docs-preview"]);
    const address = new URL(page.url());
    expect([address.searchParams.get("q"), address.searchParams.get("sort")]).toEqual([
      "state:running image:node -port:8080",
      "name",
    ]);
    await page.goto(`${origin}/?q=colour:red`);
    await page.getByText("There is no filter “colour”").waitFor();
    await page.goto(`${origin}/?q=name:nothing`);
    await page.getByRole("button", { name: "Clear the filter" }).first().click();
    await expect.poll(() => page.getByRole("row").count()).toBe(1 + rows);
  });

  it("is worked by keys: move, select, stop, delete", async () => {
    const { page } = await visitSignedIn(browser, ghost, "/?sort=name");
    const row = (name: string) => page.getByRole("row", { name: new RegExp(name) });
    await row("billing-api").waitFor();
    await page.keyboard.press("j");
    await expect
      .poll(() => row("checkout-flow").evaluate((it) => it === it.ownerDocument.activeElement))
      .toBe(true);
    // Others come and go, and are sorted before it: keys still act on the row that was chosen.
    await ghost.client.caves.create({ body: { name: "another", image: "ubuntu:24.04" } });
    await row("another").waitFor();
    await page.keyboard.press("s");
    await row("checkout-flow").getByRole("img", { name: "Stopped" }).waitFor();
    await page.keyboard.press("Delete");
    const dialog = page.getByRole("dialog", { name: "Delete checkout-flow?" });
    expect(await dialog.getByRole("button", { name: "Delete checkout-flow" }).isDisabled()).toBe(true);
    await dialog.getByRole("textbox").fill("checkout-flow");
    await page.keyboard.press("Enter");
    await page.getByRole("list", { name: "Results" }).getByText("Deleted").waitFor();
    await page.getByRole("button", { name: "Done" }).click();
    await expect.poll(() => row("checkout-flow").count()).toBe(0);
    // Space presses the button that has the focus, instead of selecting a row.
    await page.getByRole("button", { name: "New cave" }).focus();
    await page.keyboard.press("Space");
    await page.getByRole("dialog", { name: "New cave" }).waitFor();
    const size = (name: RegExp) => page.getByRole("radio", { name });
    await size(/^Medium/).focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => size(/^Large/).getAttribute("aria-checked")).toBe("true");
  });

  it("does one thing to several, with a result for each", async () => {
    const { page } = await visitSignedIn(browser, ghost, "/?sort=name");
    for (const name of ["billing-api", "docs-preview", "scraper"])
      await page.getByRole("checkbox", { name: `Select ${name}` }).click();
    await page.getByText("3 selected").waitFor();
    expect(await lookAt(page, "caves-selected")).toEqual([]);
    await page.getByRole("button", { name: "Stop 2" }).click();
    const results = page.getByRole("list", { name: "Results" });
    await expect.poll(() => results.getByText("Stopped", { exact: true }).count()).toBe(2);
    await results.getByText("Left out: it is stopped").waitFor();
    expect(await lookAt(page, "caves-results")).toEqual([]);
    const { caves } = await ghost.client.caves.list({ query: { state: "stopped" } });
    expect(caves.map(({ name }) => name).sort()).toEqual([
      "billing-api",
      "docs-preview",
      "legacy-php",
      "scraper",
    ]);
    await page.getByRole("button", { name: "Done" }).click();

    // A second try keeps what the first one was told to keep.
    refused = "remove";
    await page.getByRole("button", { name: "More for scraper" }).click();
    await page.getByRole("menuitem", { name: /^Delete/ }).click();
    await page.getByRole("checkbox", { name: "Keep the workspace" }).click();
    await page.getByRole("button", { name: "Delete scraper" }).click();
    await results.getByText("Deleting failed").or(results.getByText("Delete failed")).waitFor();
    refused = "";
    const asked = page.waitForRequest((request) => request.method() === "DELETE");
    await page.getByRole("button", { name: "Try again" }).click();
    expect(new URL((await asked).url()).searchParams.get("keepWorkspace")).toBe("true");
    await results.getByText("Deleted").waitFor();
  });

  it("shows a cave's desktop beside its row when asked, and asks for none before", async () => {
    const { caves } = await ghost.client.caves.list();
    const idOf = (wanted: string) => caves.find(({ name }) => name === wanted)?.id ?? "";
    setDesktop(ghost, idOf("research-agent"), "ready");
    setDesktop(ghost, idOf("checkout-flow"), "stopped");
    const { page, problems } = await visitSignedIn(browser, ghost, "/?sort=-name");
    desktop.picture = await page.screenshot({ type: "jpeg", quality: 60 });
    const card = (name: string) => page.getByRole("status", { name: `Desktop of ${name}` });
    const picture = card("research-agent").getByRole("img", {
      name: "What the desktop of research-agent shows",
    });
    await page.getByRole("row", { name: /checkout-flow/ }).hover();
    await page.keyboard.press("j");
    expect(desktop.asked).toBe(0);

    await page.getByRole("row", { name: /research-agent/ }).hover();
    await expect.poll(() => picture.evaluate((it) => (it as HTMLImageElement).naturalWidth)).toBe(1440);
    expect(await lookAt(page, "desktop-peek")).toEqual([]);
    await page.keyboard.press("Escape");
    await picture.waitFor({ state: "hidden" });

    await page.getByRole("row", { name: /checkout-flow/ }).focus();
    await page.keyboard.press("v");
    await card("checkout-flow").getByText("has not been started").waitFor();
    await page.getByRole("row", { name: /research-agent/ }).focus();
    await picture.waitFor();
    await page.keyboard.press("k");
    await card("scraper").getByText("is not running").waitFor();
    await page.keyboard.press("v");
    await card("scraper").waitFor({ state: "hidden" });
    expect(problems).toEqual([]);
  });

  it("keeps what was told, once each, and what failed until somebody dismisses it", async () => {
    const { page } = await visitSignedIn(browser, ghost, "/?sort=name");
    const stop = (name: string) => page.getByRole("button", { name: `Stop ${name}`, exact: true });
    const start = (name: string) => page.getByRole("button", { name: `Start ${name}`, exact: true });
    const corner = page.getByRole("region", { name: "Latest notifications" });
    await stop("billing-api").click();
    await corner.getByText("Stopped: billing-api").waitFor();
    await start("billing-api").click();
    await corner.getByText("Started: billing-api").waitFor();
    ghost.world.reachable = false;
    // Told at once everywhere, because something was refused.
    const told = page.getByText("Its caves cannot be used until it does");
    for (const name of ["research-agent", "checkout-flow", "docs-preview", "docs-preview"]) {
      await stop(name).click();
      await corner.getByText(`${name} could not be stopped`).waitFor();
    }
    await corner.getByText("2 times").waitFor();
    await told.waitFor();
    await page
      .getByRole("row", { name: /etl-nightly/ })
      .getByText("Running when docker last answered")
      .waitFor();
    await expect.poll(() => corner.getByRole("button", { name: "Dismiss" }).count()).toBe(3);
    await page.keyboard.press("g");
    await page.keyboard.press("n");
    const inbox = page.getByRole("dialog", { name: "Notifications" });
    await expect.poll(() => inbox.getByRole("listitem").count()).toBe(5);
    expect(await lookAt(page, "notifications")).toEqual([]);
    await page.keyboard.press("Escape");
    ghost.world.reachable = true;
    await told.waitFor({ state: "hidden" });
    expect(await corner.getByRole("button", { name: "Dismiss" }).count()).toBe(0);
  });

  it("shows what others do as it happens, and says when it cannot", async () => {
    const { page } = await visitSignedIn(browser, ghost);
    await page.getByRole("link", { name: "research-agent" }).waitFor();
    await ghost.client.caves.create({ body: { name: "newcomer", image: "ubuntu:24.04" } });
    await page.getByRole("link", { name: "newcomer" }).waitFor();
    const { id } = await ghost.client.caves.get({ params: { cave: "etl-nightly" } });
    await ghost.world.end(id, 137, true);
    await page
      .getByRole("row", { name: /etl-nightly/ })
      .getByText("It ran out of memory")
      .waitFor();
    await page.context().setOffline(true);
    ghost.ctx.ongoing.end(() => true, new AppError("shutting_down", "Cut by the test."));
    await page.getByText(/This device is offline|does not answer|broke off/).waitFor();
    expect(await lookAt(page, "connection-lost")).toEqual([]);
    // Asked for by the browser and by two presses, it is still one stream of events that comes back.
    const streams = new Set<Request>();
    page.on("request", (request) => request.url().endsWith("/v1/events") && streams.add(request));
    page.on("requestfailed", (request) => streams.delete(request));
    const held = Promise.withResolvers<undefined>();
    await page.route("**/v1/events", async (route) => {
      await held.promise;
      await route.continue().catch(() => undefined);
    });
    await page.context().setOffline(false);
    await expect.poll(() => streams.size).toBe(1);
    const again = page.getByRole("button", { name: "Try now" });
    await again.click();
    await again.click();
    held.resolve(undefined);
    await again.waitFor({ state: "hidden" });
    await expect.poll(() => streams.size).toBe(1);
    await ghost.client.caves.remove({ params: { cave: "newcomer" } });
    await page.getByRole("link", { name: "newcomer" }).waitFor({ state: "hidden" });
  });

  it("finds every page, cave and action in the palette, and lists the keys", async () => {
    const { page } = await visitSignedIn(browser, ghost);
    await page.getByRole("link", { name: "research-agent" }).waitFor();
    await page.keyboard.press("Control+k");
    const search = page.getByRole("combobox", { name: "Search or run a command" });
    await search.fill("system");
    await expect.poll(() => page.getByRole("option").first().innerText()).toContain("System");
    await search.fill("stop etl");
    expect(await lookAt(page, "palette")).toEqual([]);
    await page.keyboard.press("Enter");
    await expect
      .poll(async () => (await ghost.client.caves.get({ params: { cave: "etl-nightly" } })).state)
      .toBe("stopped");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Shortcuts" }).getByText("New cave").waitFor();
    expect(await lookAt(page, "shortcuts")).toEqual([]);
  });
});

describe("with five hundred caves", () => {
  it("has only what is in view in the page", { timeout: 120_000 }, async () => {
    await using many = await startFleetServer({ GHOST_MAX_CAVES_PER_USER: "1000" });
    const wanted = Array.from({ length: 500 }, (_, index) => ({
      name: `cave-${index}`,
      image: "ubuntu:24.04",
    }));
    for (let from = 0; from < wanted.length; from += 50)
      await Promise.all(wanted.slice(from, from + 50).map((body) => many.client.caves.create({ body })));
    const { page } = await visitSignedIn(browser, many, "/?sort=name");
    await page.getByRole("link", { name: "cave-0", exact: true }).waitFor();
    expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe("501");
    expect(await page.getByRole("row").count()).toBeLessThan(60);
    await page.getByRole("grid").evaluate((it) => it.scrollTo({ top: it.scrollHeight }));
    await page.getByRole("link", { name: "cave-499", exact: true }).waitFor();
    await page.getByRole("searchbox").fill("cave-37");
    await expect.poll(() => page.getByRole("row").count()).toBe(1 + 11);
  });
});
